using System.Collections.ObjectModel;
using System.Runtime.InteropServices;
using PureHDF;
using PureHDF.VOL.Native;
using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Weights.Keras;

/// <summary>
/// An open .h5 file as Keras' <c>save_weights</c> and <c>save</c> write them, its tensors under our names and in our layout. PureHDF reads the HDF5;
/// all that it throws at a damaged file becomes a <see cref="KerasException"/>. Opening it reads no more than the file's size and a fixed part; a tensor
/// is checked against the file's size before memory is taken, and held twice while its axes are brought into order.
/// </summary>
/// <remarks>
/// What is not bounded: PureHDF takes a buffer as long as the file claims a name or an attribute to be, up to 2 GB, before it reads. The reading then
/// fails and the buffer goes. Published files are verified before they are opened; those of a user are as trustworthy as whoever may write to a data root.
/// </remarks>
public sealed class KerasReader : IWeightsFile
{
    /// <summary>Bytes that may be read besides as many as the file has, since some are read again: for every name the table that it is found by.</summary>
    private const int Fixed = 1 << 20;

    private const int LongestRank = 4;

    private readonly string path;
    private readonly BoundedStream stream;
    private readonly NativeFile file;
    private readonly Dictionary<string, (KerasTensor Tensor, NativeDataset Data)> tensors;

    private KerasReader(string path, BoundedStream stream, NativeFile file, Dictionary<string, (KerasTensor Tensor, NativeDataset Data)> tensors)
    {
        this.path = path;
        this.stream = stream;
        this.file = file;
        this.tensors = tensors;
        Entries = [.. tensors.Values.Select(t => new WeightsEntry(t.Tensor.Name, ScalarType.Float32, t.Tensor.Shape))];
    }

    /// <summary>How HDF5 files begin.</summary>
    internal static ReadOnlySpan<byte> Mark => [0x89, (byte)'H', (byte)'D', (byte)'F', (byte)'\r', (byte)'\n', 0x1a, (byte)'\n'];

    public IReadOnlyList<WeightsEntry> Entries { get; }

    public IReadOnlyDictionary<string, double> Figures => ReadOnlyDictionary<string, double>.Empty;

    IReadOnlyList<WeightsDict> IWeightsFile.Dicts => [new("", Entries, Read)];

    /// <exception cref="KerasException">The file cannot be read, or holds no weights of Keras that are.</exception>
    public static KerasReader Open(string path)
    {
        BoundedStream? bounded = null;
        NativeFile? opened = null;
        try
        {
            bounded = new BoundedStream(File.OpenRead(path));
            if (HdfLength.Of(path) is { } whole && whole > bounded.Length)
            {
                throw new InvalidDataException(CutOff.After(bounded.Length, whole));
            }
            bounded.Allow(bounded.Length + Fixed);
            opened = H5File.Open(bounded, leaveOpen: true);
            return new KerasReader(path, bounded, opened, Tensors(opened, bounded.Length));
        }
        catch (Exception e)
        {
            opened?.Dispose();
            bounded?.Dispose();
            throw Unusable(path, "", e);
        }
    }

    public Tensor Read(string name)
    {
        var (tensor, data) = tensors[name];
        var result = empty(tensor.Shape.ToArray(), ScalarType.Float32);
        try
        {
            var theirs = new float[result.numel()];
            stream.Allow(Fixed + ((long)theirs.Length * sizeof(float)));
            var before = stream.Delivered;
            data.Read(theirs.AsSpan());
            // Numbers that never were written, or that lie in another file, which an HDF5 file can name.
            if (stream.Delivered - before != (long)theirs.Length * sizeof(float))
            {
                throw new InvalidDataException("its numbers are not in this file");
            }
            AxisOrder.Permute(theirs, [.. data.Space.Dimensions.Select(size => (int)size)], tensor.Axes, MemoryMarshal.Cast<byte, float>(result.bytes));
            return result;
        }
        catch (Exception e)
        {
            result.Dispose();
            throw Unusable(path, $"tensor '{name}' cannot be read: ", e);
        }
    }

    public void Dispose()
    {
        file.Dispose();
        stream.Dispose();
    }

    private static Dictionary<string, (KerasTensor Tensor, NativeDataset Data)> Tensors(NativeFile file, long fileLength)
    {
        const string WholeModel = "model_weights";
        const string Version3 = "save it anew, with Keras: model.save('out.h5')";
        var root = file.LinkExists(WholeModel) ? (NativeGroup)file.Group(WholeModel) : file;
        if (file.LinkExists("layers") && file.LinkExists("vars"))
        {
            throw new InvalidDataException($"it has the layout of Keras 3's .weights.h5, which has no names of layers; {Version3}");
        }
        var found = new Dictionary<string, (KerasTensor Tensor, NativeDataset Data)>(StringComparer.Ordinal);
        foreach (var layer in root.Children().OfType<NativeGroup>())
        {
            (string Name, NativeDataset Data)[] weights = [.. NamesOf(layer).Select(name => (name, (NativeDataset)layer.Dataset(name)))];
            var shapes = Array.ConvertAll(weights, w => (w.Name, ShapeOf(layer.Name, w.Name, w.Data, fileLength)));
            foreach (var (tensor, weight) in KerasTensor.Of(layer.Name, shapes).Zip(weights))
            {
                if (!found.TryAdd(tensor.Name, (tensor, weight.Data)))
                {
                    throw new InvalidDataException($"it has two tensors '{tensor.Name}', the second one in layer '{layer.Name}'");
                }
            }
        }
        return found.Count > 0 ? found : throw new InvalidDataException("no layer of it has weights; accepted is what Keras' save_weights or save wrote as .h5");
    }

    private static string[] NamesOf(NativeGroup layer)
    {
        const string Names = "weight_names";
        if (!layer.AttributeExists(Names))
        {
            throw new InvalidDataException($"group '{layer.Name}' has no attribute '{Names}'; accepted is what Keras' save_weights or save wrote as .h5");
        }
        var names = layer.Attribute(Names);
        // Keras writes an empty list of numbers for a layer without weights.
        return names.Space.Dimensions.Contains(0UL) ? [] : names.Read<string[]>();
    }

    private static IReadOnlyList<long> ShapeOf(string layer, string weight, NativeDataset data, long fileLength)
    {
        var shape = data.Space.Dimensions;
        if (data.Type.Class != H5DataTypeClass.FloatingPoint || data.Type.Size != sizeof(float))
        {
            throw new InvalidDataException($"weight '{weight}' of layer '{layer}' holds {data.Type.Class} of {data.Type.Size} bytes; accepted is float32");
        }
        if (data.Layout.Class != H5DataLayoutClass.Contiguous)
        {
            throw new InvalidDataException($"weight '{weight}' of layer '{layer}' is stored {data.Layout.Class}; accepted is contiguous, as Keras writes it");
        }
        var room = (ulong)Math.Min(fileLength, int.MaxValue) / sizeof(float);
        if (shape.Length is 0 or > LongestRank || shape.Any(size => size > room) || shape.Aggregate(UInt128.One, (count, size) => count * size) > room)
        {
            throw new InvalidDataException($"weight '{weight}' of layer '{layer}' claims the shape [{string.Join(", ", shape)}]; the file has {fileLength} bytes");
        }
        return Array.ConvertAll(shape, size => (long)size);
    }

    /// <param name="where">Comes before the reason.</param>
    private static KerasException Unusable(string path, string where, Exception e)
    {
        const int Longest = 300;
        var reason = where + (e is InvalidDataException or IOException and not EndOfStreamException or UnauthorizedAccessException ? "" : "it is damaged: ") + e.Message;
        return new KerasException(path, (reason.Length > Longest ? $"{reason[..Longest]}…" : reason).TrimEnd('.'), e);
    }
}
