using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Domain.Jobs;

namespace NeuralCapacitance.Worker.Datasets.Folders;

/// <summary>
/// Two hashes of an image folder. The content's names the data set: copies on other machines, with other times and places, have
/// the same one, so that a trial can move between them. But it reads every byte; so it is remembered under the stamp, a hash of
/// names, sizes and times, which the listing gives for free.
/// </summary>
internal static class FolderHash
{
    private const string ContentVersion = "neural-capacitance image-folder 2";

    /// <summary>SHA-256 over place, classes, and each file's name, size and time of change.</summary>
    public static string Stamp(ImageFolder folder)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, ContentVersion);
        Append(hash, folder.Root);
        AppendClasses(hash, folder, file =>
        {
            Append(hash, file.Path);
            Append(hash, string.Create(CultureInfo.InvariantCulture, $"{file.Length} {file.Modified.Ticks}"));
        });
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>SHA-256 over classes, labels, and each file's SHA-256 in order; not over file names.</summary>
    /// <exception cref="DatasetException">A file cannot be read.</exception>
    public static string Content(ImageFolder folder, int threads, CancellationToken cancellationToken)
    {
        var files = folder.Files.ToArray();
        var digests = new byte[files.Length][];
        EachImage.Do(files.Length, threads, i => digests[i] = HashFile(folder.Root, files[i]), cancellationToken);

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var next = 0;
        Append(hash, ContentVersion);
        AppendClasses(hash, folder, _ => hash.AppendData(digests[next++]));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Of what is decoded: images that are turned are other images.</summary>
    /// <param name="content">As <see cref="Content"/>.</param>
    public static string OfPixels(string content, ExifOrientation exif)
        => exif == ExifOrientation.Ignore ? content : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{content} turned as EXIF says")));

    private static void AppendClasses(IncrementalHash hash, ImageFolder folder, Action<ImageFile> appendFile)
    {
        foreach (var part in folder.Parts)
        {
            for (var label = 0; label < folder.Classes.Count; label++)
            {
                Append(hash, folder.Classes[label]);
                Append(hash, part[label].Count.ToString(CultureInfo.InvariantCulture));
                foreach (var file in part[label]) appendFile(file);
            }
        }
    }

    private static byte[] HashFile(string root, ImageFile file)
    {
        try
        {
            // Nothing to read; and a FIFO, which has no length either, would keep its reader waiting for ever.
            if (file.Length == 0) return SHA256.HashData([]);
            using var stream = new FileStream(Path.Combine(root, file.Path), FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            return SHA256.HashData(stream);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException("path", $"'{file.Path}' in '{root}' cannot be read: {e.Message}");
        }
    }

    /// <summary>Length first, so that no two sequences of texts append the same bytes.</summary>
    private static void Append(IncrementalHash hash, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}
