using NeuralCapacitance.Infrastructure.Archives;

namespace NeuralCapacitance.Worker.Weights;

/// <summary>Whether a file can be one of <c>torch.jit.save</c>. Only libtorch reads it.</summary>
internal static class TorchScriptFile
{
    private const string SaveScript = "save the network with torch.jit.script(model).save('out.pt')";

    /// <exception cref="WeightsException">It is something else.</exception>
    public static void Check(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            var head = new byte[(int)Math.Min(ForeignFile.HeadLength, file.Length)];
            file.ReadExactly(head);
            if (!head.AsSpan().StartsWith("PK\x03\x04"u8))
            {
                throw Unusable(path, ForeignFile.Describe(head, file.Length) ?? "it is no zip archive, as TorchScript files are");
            }
            var names = ZipReader.Open(file, ZipDirectory.Find(file)).Items.Select(item => item.Name).ToList();
            if (!names.Exists(name => name.EndsWith("/constants.pkl", StringComparison.Ordinal)))
            {
                throw Unusable(path, names.Exists(name => name.EndsWith("/data.pkl", StringComparison.Ordinal)) ? "torch.save wrote it, so it holds weights and no network" : "it is another zip archive");
            }
        }
        catch (ArchiveException e)
        {
            throw Unusable(path, e.Faults is [{ Problem: ZipDirectory.IsCutOff }, ..] ? CutOff.Somewhere(new FileInfo(path).Length) : $"its zip archive is damaged: {e.Message.TrimEnd('.')}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable(path, e.Message.TrimEnd('.'), e);
        }
    }

    private static WeightsException Unusable(string path, string reason, Exception? innerException = null)
        => new($"'{path}' is no TorchScript file: {reason}; {SaveScript}.", innerException);
}
