using System.Buffers;
using NeuralCapacitance.Domain.Datasets;

namespace NeuralCapacitance.Worker.Datasets.Decoding;

/// <summary>The content of one file after the other, in memory that is reused.</summary>
internal sealed class ImageBytes : IDisposable
{
    private const long MostBytes = 512L << 20;

    private byte[] buffer = ArrayPool<byte>.Shared.Rent(1 << 16);
    private int length;

    public ReadOnlySpan<byte> Content => buffer.AsSpan(0, length);

    /// <summary>An array that begins with <see cref="Content"/>.</summary>
    public byte[] Buffer => buffer;

    /// <exception cref="BrokenFileException">There is no such file, or it is no file that has a content.</exception>
    /// <exception cref="IOException">The disk fails, too many files are open, ….</exception>
    public void Read(string path)
    {
        length = 0;
        if (OperatingSystem.IsLinux() && LinuxFile.TryRead(path, buffer) is > 0 and var all)
        {
            length = all;
            return;
        }
        var bytes = LengthOf(path);
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            Fill(file, bytes);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or FileNotFoundException or DirectoryNotFoundException or PathTooLongException)
        {
            throw new BrokenFileException($"cannot be opened: {e.Message}");
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
        length = 0;
    }

    /// <summary>Pipes and devices have no length; opening one could wait for ever.</summary>
    private static long LengthOf(string path)
    {
        var info = new FileInfo(path);
        if (info.Exists && info.Attributes.HasFlag(FileAttributes.ReparsePoint)) info = TargetOf(info);
        if (!info.Exists) throw new BrokenFileException(Directory.Exists(path) ? "is a folder, not a file" : "does not exist");
        return info.Length > 0 ? info.Length : throw new BrokenFileException("file is empty");
    }

    private static FileInfo TargetOf(FileInfo link)
    {
        try
        {
            return new FileInfo(link.ResolveLinkTarget(returnFinalTarget: true)!.FullName);
        }
        catch (IOException e)
        {
            throw new BrokenFileException($"is a link that leads nowhere: {e.Message}");
        }
    }

    private void Fill(Microsoft.Win32.SafeHandles.SafeFileHandle file, long bytes)
    {
        if (bytes > MostBytes) throw new BrokenFileException($"file has {bytes} bytes; accepted are at most {MostBytes}");
        // One byte more than the file: a whole one never fills its buffer.
        if (bytes >= buffer.Length)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = [];
            buffer = ArrayPool<byte>.Shared.Rent((int)bytes + 1);
        }
        while (length < bytes)
        {
            var count = RandomAccess.Read(file, buffer.AsSpan(length, (int)bytes - length), length);
            if (count == 0) throw new BrokenFileException("file shrank while it was read");
            length += count;
        }
    }
}
