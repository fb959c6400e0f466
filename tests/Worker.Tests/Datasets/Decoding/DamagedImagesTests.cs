using System.Diagnostics;
using System.Globalization;
using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Worker.Datasets.Decoding;

namespace NeuralCapacitance.Worker.Tests.Datasets.Decoding;

/// <summary>Damaged files of each format; <c>NC_DAMAGED_IMAGES=20000</c> tries so many.</summary>
[Trait("Category", "Slow")]
public sealed class DamagedImagesTests : IDisposable
{
    private const int Size = 12;
    private const int FewFiles = 300;
    private const int BatchFiles = 100;

    private static readonly TimeSpan Most = TimeSpan.FromSeconds(1);

    private readonly ImageFolderFixture folder = new();

    public static TheoryData<ImageFormat> Formats => [.. Enum.GetValues<ImageFormat>()];

    private static int Files => int.Parse(Environment.GetEnvironmentVariable("NC_DAMAGED_IMAGES") ?? $"{FewFiles}", CultureInfo.InvariantCulture);

    public void Dispose() => folder.Dispose();

    /// <summary>The process goes on, whole files beside them are what they were, and nobody waits for one long.</summary>
    [Theory]
    [MemberData(nameof(Formats))]
    public void Damaged_files_end_no_batch(ImageFormat format)
    {
        var sources = Directory.GetFiles(Path.Combine(ImageFolderFixture.Goldens, "images")).Order(StringComparer.Ordinal)
            .Select(File.ReadAllBytes).Where(bytes => bytes.Length < 8_000 && ImageFiles.FormatOf(bytes) == format).ToArray();
        var good = ImageFolderFixture.Golden("baseline.jpg");
        var expected = Decode(good).Pixels;
        var random = new Random(1 + (int)format);
        var broken = 0;
        for (var done = 0; done < Files; done += BatchFiles)
        {
            var paths = Enumerable.Range(0, BatchFiles).Select(i => Write(i, Damaged(sources[random.Next(sources.Length)], random))).ToArray();
            var alone = paths.Select(TimedFault).ToArray();

            var (pixels, faults) = Decode([.. paths, good]);
            faults.Select(fault => fault.Index).ShouldBe(Enumerable.Range(0, BatchFiles).Where(i => alone[i] is not null));
            faults.Select(fault => fault.Message).ShouldBe(alone.OfType<string>());
            faults.ShouldAllBe(fault => fault.Message.Length > 0);
            pixels[^expected.Length..].SequenceEqual(expected).ShouldBeTrue();
            broken += faults.Count;
        }
        broken.ShouldBeGreaterThan(Files / 10);
    }

    private static (byte[] Pixels, IReadOnlyList<ImageFault> Faults) Decode(params string[] paths)
    {
        var pixels = new byte[paths.Length * 3 * Size * Size];
        return (pixels, ImageDecoder.Decode(paths, Size, 2, pixels));
    }

    /// <summary>A machine may be busy: of three tries the quickest counts.</summary>
    private string? TimedFault(string path)
    {
        var least = TimeSpan.MaxValue;
        for (var tries = 0; tries < 3; tries++)
        {
            var start = Stopwatch.GetTimestamp();
            var faults = Decode(path).Faults;
            var elapsed = Stopwatch.GetElapsedTime(start);
            if (elapsed < Most) return faults.SingleOrDefault()?.Message;
            least = elapsed < least ? elapsed : least;
        }
        var kept = Path.Combine(Path.GetTempPath(), $"nc-slow-{Path.GetFileName(path)}");
        File.Copy(path, kept, overwrite: true);
        throw new TimeoutException($"'{kept}' took {least}.");
    }

    private string Write(int number, byte[] bytes)
    {
        folder.Write($"{number}", bytes);
        return Path.Combine(folder.Root, $"{number}");
    }

    /// <summary>Some bytes are others, a part is missing or there twice, or the end is cut off; the format stays.</summary>
    private static byte[] Damaged(byte[] source, Random random)
    {
        const int kept = 12; // the signature
        var bytes = source.ToArray();
        // Headers decide more than pixels do.
        var reach = random.Next(2) == 0 ? Math.Min(bytes.Length, 200) : bytes.Length;
        for (var n = random.Next(1, 9); n > 0; n--)
        {
            var at = random.Next(Math.Min(kept, bytes.Length - 1), reach);
            bytes[at] = random.Next(3) switch { 0 => (byte)random.Next(256), 1 => (byte)(bytes[at] ^ (1 << random.Next(8))), _ => random.Next(2) == 0 ? byte.MinValue : byte.MaxValue };
        }
        return random.Next(6) switch
        {
            0 => bytes[..random.Next(kept, bytes.Length)],
            1 when random.Next(kept, bytes.Length) is var from => [.. bytes[..from], .. bytes[Math.Min(bytes.Length, from + random.Next(1, 40))..]],
            2 when random.Next(kept, bytes.Length) is var from => [.. bytes[..from], .. bytes[Math.Max(0, from - random.Next(1, 40))..]],
            _ => bytes,
        };
    }
}
