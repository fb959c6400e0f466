using NeuralCapacitance.Infrastructure.Archives;
using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Weights.PyTorch;

/// <summary>
/// An open file that torch.save wrote: a state_dict, or a checkpoint that holds some. Never executes anything (see <see cref="PickleGlobals"/>).
/// All that the file claims is checked against its size before memory is taken: names and shapes cost no more than its size and a fixed part, and
/// a tensor what its numbers take, which is no more than twice the file's size. No numbers are held twice.
/// </summary>
public sealed class PyTorchReader : IWeightsFile
{
    internal const string SaveAnew = "save it anew, with Python: import torch; torch.save(torch.load('in.pth', map_location='cpu'), 'out.pth')";

    internal const string SaveWeights = "save only the weights, with Python: torch.save(model.state_dict(), 'out.pth')";

    private readonly string path;
    private readonly FileStream file;
    private readonly IStorages storages;
    private readonly Dictionary<string, object> figures;

    private PyTorchReader(string path, FileStream file, IStorages storages, StateDicts found, Dictionary<string, object> figures)
    {
        this.path = path;
        this.file = file;
        this.storages = storages;
        this.figures = figures;
        WholeModel = found.WholeModel;
        Dicts = [.. found.Dicts.Select(dict => new WeightsDict(
            dict.Path, [.. dict.Tensors.Select(t => new PyTorchEntry(t.Key, t.Value))], name => Read(name, dict.Tensors[name])) { Unread = dict.Unread })];
    }

    /// <summary>How files from before version 1.6 begin: a pickle of the magic number.</summary>
    internal static ReadOnlySpan<byte> LegacyMark => [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.'];

    public IReadOnlyList<WeightsDict> Dicts { get; }

    public string? WholeModel { get; }

    /// <summary>Of a checkpoint, the numbers beside its state_dict, tensors of one element among them.</summary>
    public IReadOnlyDictionary<string, double> Figures => figures.ToDictionary(
        figure => figure.Key, figure => figure.Value is TensorReference tensor ? ReadNumber(figure.Key, tensor) : (double)figure.Value, StringComparer.Ordinal);

    /// <exception cref="PyTorchException">The file cannot be read, or holds no state_dict that is.</exception>
    public static PyTorchReader Open(string path)
    {
        FileStream? opened = null;
        var length = 0L;
        try
        {
            opened = new FileStream(path, new FileStreamOptions { BufferSize = 0 });
            length = opened.Length;
            var allowance = new Allowance(opened.Length);
            var (source, root) = opened.ReadByte() == 'P' ? ZipStorages.Open(opened, allowance) : SerialStorages.Open(opened, allowance);
            var (found, figures) = (StateDicts.In(root), CheckpointFigures.In(root));
            foreach (var storage in found.Dicts.SelectMany(dict => dict.Tensors.Values).Concat(figures.Values.OfType<TensorReference>()).Select(t => t.Storage).Distinct())
            {
                source.Check(storage);
            }
            return new PyTorchReader(path, opened, source, found, figures);
        }
        catch (Exception e)
        {
            opened?.Dispose();
            if (e is ArchiveException { Faults: [{ Problem: ZipDirectory.IsCutOff }, ..] })
            {
                throw new PyTorchException(path, CutOff.Somewhere(length), e);
            }
            if (e is InvalidDataException or ArchiveException or IOException or UnauthorizedAccessException)
            {
                throw new PyTorchException(path, Reason(e), e);
            }
            throw;
        }
    }

    public void Dispose() => file.Dispose();

    private double ReadNumber(string name, TensorReference reference)
    {
        using var tensor = Read(name, reference);
        using var number = tensor.to(ScalarType.Float64);
        return number.item<double>();
    }

    private Tensor Read(string name, TensorReference reference)
    {
        var elementSize = reference.Storage.Type.Size;
        if (reference.Span > int.MaxValue / elementSize)
        {
            throw new PyTorchException(path, $"tensor '{name}' takes more than {int.MaxValue} bytes, the most that is read at once");
        }
        var tensor = empty(reference.Shape, reference.Storage.Type.Dtype);
        try
        {
            if (reference.Count > 0)
            {
                Fill(reference, tensor.bytes);
            }
            return tensor;
        }
        catch (Exception e)
        {
            tensor.Dispose();
            if (e is InvalidDataException or ArchiveException or IOException)
            {
                throw new PyTorchException(path, $"tensor '{name}' cannot be read: {Reason(e)}", e);
            }
            throw;
        }
    }

    private static string Reason(Exception e) => e is ArchiveException { Faults: [var fault, ..] }
        ? $"{(fault.Entry is null ? "its zip archive" : $"'{fault.Entry}' in its zip archive")} {fault.Problem}; accepted is {fault.Accepted}"
        : e.Message;

    private void Fill(TensorReference reference, Span<byte> destination)
    {
        var elementSize = reference.Storage.Type.Size;
        using var source = storages.Open(
            reference.Storage, (reference.Storage.Begin + reference.Offset) * elementSize, reference.Span * elementSize);
        if (reference.IsContiguous)
        {
            source.ReadExactly(destination);
        }
        else
        {
            Scatter(source, new ElementOrder(reference), reference.Span, elementSize, destination);
        }
    }

    /// <summary>Takes the elements in the order of the file, a piece at a time, and puts each in its place.</summary>
    private static void Scatter(Stream source, ElementOrder order, long span, int elementSize, Span<byte> destination)
    {
        const int PieceElements = 8192;
        var piece = new byte[PieceElements * elementSize];
        for (var begin = 0L; begin < span; begin += PieceElements)
        {
            var count = (int)Math.Min(PieceElements, span - begin);
            source.ReadExactly(piece, 0, count * elementSize);
            for (var i = 0; i < count; i++)
            {
                if (order.PlaceOf(begin + i) is { } place)
                {
                    piece.AsSpan(i * elementSize, elementSize).CopyTo(destination[(int)(place * elementSize)..]);
                }
            }
        }
    }
}

/// <summary>A tensor of a file that torch.save wrote.</summary>
internal sealed record PyTorchEntry(string Name, TensorReference Reference) : WeightsEntry(Name, Reference.Storage.Type.Dtype, Reference.Shape)
{
    /// <summary>Two dicts may hold the same tensor.</summary>
    internal override bool IsSameAs(WeightsEntry other) => other is PyTorchEntry { Reference: var theirs }
        && (Reference.Storage.Key, Reference.Storage.Begin + Reference.Offset) == (theirs.Storage.Key, theirs.Storage.Begin + theirs.Offset) && Shape.SequenceEqual(other.Shape);
}
