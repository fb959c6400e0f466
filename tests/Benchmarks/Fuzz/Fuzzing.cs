using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Infrastructure.Archives;
using NeuralCapacitance.Worker.Backbones;
using NeuralCapacitance.Worker.Datasets;
using NeuralCapacitance.Worker.Datasets.Decoding;
using NeuralCapacitance.Worker.Weights;
using SkiaSharp;

namespace NeuralCapacitance.Benchmarks.Fuzz;

/// <summary>What came of the inputs of one reader.</summary>
/// <param name="Refused">As the reader says that it refuses: a client gets an answer of 400 or so.</param>
/// <param name="Crashes">Another exception: a client would get an answer of 500.</param>
/// <param name="Slowest">Of one input.</param>
internal sealed record FuzzCount(string Reader, int Inputs, int Refused, IReadOnlyList<string> Crashes, TimeSpan Slowest);

/// <summary>Random data sets, archives, images, weights files and specs, damaged at random, through the readers that clients' inputs go through.</summary>
internal sealed class Fuzzing : IDisposable
{
    private const int ImageSide = 16;
    private const int MostCrashesKept = 5;

    private static readonly string[] FolderNames =
        ["train", "Training", "test", "tst", "val", "images", "masks", "cat", "Dog", "a", "b", "seg_train", "seg_test", "__MACOSX", ".git", "2019", "猫", "a b", "labels", "x'y", "train2017"];

    private static readonly string[] FileNames = ["1.jpg", "2.PNG", "3.gif", "readme.txt", "Thumbs.db", "labels.csv.gz", "inner.zip", "4.tiff", ".DS_Store"];

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("nc-fuzz-");
    private readonly Random random;
    private readonly byte[][] images;
    private readonly byte[] archive;
    private readonly byte[][] weights;
    private readonly byte[] spec;
    private readonly JobSpecReader specs;
    private readonly DatasetCatalogue catalogue;
    private readonly byte[] pixels = new byte[3 * ImageSide * ImageSide];

    public Fuzzing(int seed)
    {
        random = new Random(seed);
        images = [.. Images()];
        archive = Archive();
        weights = [Safetensors(), archive, Encoding.UTF8.GetBytes("<html><body>not found</body></html>")];
        spec = """
            { "name": "fuzz", "dataset": { "name": "synthetic", "classes": ["striped-disc", "checked-disc"], "synthetic": { "classes": 3, "trainImages": 300, "testImages": 30, "seed": 9 } },
              "candidates": ["cnn-small", { "backbone": "resnet8", "weights": "random", "name": "old" }],
              "training": { "epochs": 7, "batchSize": 16, "learningRate": 1e-2, "optimizer": "sgd", "repeats": 3, "trainLimit": 100, "validation": 0.5 },
              "probe": { "hidden": [8, 4, 2], "dropout": 0 }, "selection": { "observe": 3, "start": 2, "mode": "full", "confidence": 0.5 } }
            """u8.ToArray();
        catalogue = new DatasetCatalogue(
            Options.Create(new DatasetOptions { DataRoots = [folder.FullName], CacheRoot = Path.Combine(folder.FullName, ".cache"), DownloadRoot = Path.Combine(folder.FullName, ".downloads"), DecodeThreads = 1 }),
            TimeProvider.System, NullLogger<DatasetCatalogue>.Instance);
        specs = new JobSpecReader(new BackboneCatalogue(), catalogue);
    }

    /// <summary>So many inputs of each reader.</summary>
    public IReadOnlyList<FuzzCount> Run(int inputs) =>
    [
        Count("images", inputs, ReadImage), Count("archives", inputs, ReadArchive), Count("folders", inputs, ReadFolder), Count("weights", inputs, ReadWeights), Count("specs", inputs, ReadSpec),
    ];

    public void Dispose() => folder.Delete(recursive: true);

    /// <param name="read">False: refused.</param>
    private static FuzzCount Count(string reader, int inputs, Func<bool> read)
    {
        var (refused, slowest, crashes) = (0, TimeSpan.Zero, new List<string>());
        for (var i = 0; i < inputs; i++)
        {
            var start = Stopwatch.GetTimestamp();
            try
            {
                if (!read()) refused++;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                if (crashes.Count < MostCrashesKept) crashes.Add($"{reader} {i}: {e}");
            }
            var taken = Stopwatch.GetElapsedTime(start);
            if (taken > slowest) slowest = taken;
        }
        return new FuzzCount(reader, inputs, refused, crashes, slowest);
    }

    private bool ReadImage()
    {
        var path = Path.Combine(folder.FullName, "image");
        File.WriteAllBytes(path, Damage(images[random.Next(images.Length)]));
        return ImageDecoder.Decode([path], ImageSide, 1, pixels).Count == 0;
    }

    private bool ReadArchive()
    {
        var bytes = Damage(archive);
        try
        {
            using var stream = new MemoryStream(bytes);
            var zip = ZipReader.Open(stream, ZipDirectory.Find(stream));
            var buffer = new byte[1 << 12];
            foreach (var item in zip.Items.Where(item => item.Fault() is null)) _ = zip.Read(item, buffer).Sum();
            return true;
        }
        catch (ArchiveException)
        {
            return false;
        }
    }

    private bool ReadFolder()
    {
        var name = $"d{random.Next()}";
        var root = Directory.CreateDirectory(Path.Combine(folder.FullName, name));
        try
        {
            for (var i = random.Next(12); i >= 0; i--)
            {
                var path = root.FullName;
                for (var depth = random.Next(5); depth > 0; depth--) path = Path.Combine(path, FolderNames[random.Next(FolderNames.Length)]);
                Directory.CreateDirectory(path);
                for (var files = random.Next(4); files > 0; files--) File.WriteAllBytes(Path.Combine(path, FileNames[random.Next(FileNames.Length)]), []);
            }
            return catalogue.Inspect(new DatasetSpec { Name = DatasetSpec.ImageFolderName, Path = name }).Classes.Count >= 2;
        }
        catch (DatasetException)
        {
            return false;
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    private bool ReadWeights()
    {
        var path = Path.Combine(folder.FullName, "weights");
        File.WriteAllBytes(path, Damage(weights[random.Next(weights.Length)]));
        try
        {
            using var file = WeightsFile.Open(path);
            return file.Dicts.Any(dict => dict.Entries.Count > 0);
        }
        catch (WeightsException)
        {
            return false;
        }
    }

    private bool ReadSpec() => specs.Read(Encoding.UTF8.GetString(Damage(spec))).Spec is not null;

    /// <summary>A few bytes changed, cut, inserted or doubled; now and then none.</summary>
    private byte[] Damage(byte[] whole)
    {
        var bytes = whole.ToList();
        for (var i = random.Next(5); i > 0 && bytes.Count > 1; i--)
        {
            var at = random.Next(bytes.Count);
            var length = random.Next(1, Math.Min(16, bytes.Count - at) + 1);
            switch (random.Next(6))
            {
                case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: bytes[at] = (byte)random.Next(256); break;
                case 2: bytes.RemoveRange(at, length); break;
                case 3: bytes.InsertRange(at, bytes.GetRange(at, length)); break;
                case 4: bytes.RemoveRange(at, bytes.Count - at); break;
                default: bytes.Insert(at, (byte)random.Next(256)); break;
            }
        }
        return [.. bytes];
    }

    private IEnumerable<byte[]> Images()
    {
        using var picture = new SKBitmap(24, 20);
        for (var y = 0; y < picture.Height; y++)
            for (var x = 0; x < picture.Width; x++) picture.SetPixel(x, y, new SKColor((uint)random.NextInt64(uint.MaxValue)).WithAlpha(byte.MaxValue));
        foreach (var format in new[] { SKEncodedImageFormat.Jpeg, SKEncodedImageFormat.Png, SKEncodedImageFormat.Webp })
        {
            using var data = picture.Encode(format, quality: 80);
            yield return data.ToArray();
        }
        yield return [.. "P6 2 2 255\n"u8, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
        yield return "P2 2 2 7 1 2 3 4"u8.ToArray();
    }

    private byte[] Archive()
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var name in new[] { "train/cat/1.jpg", "train/dog/2.jpg", "readme.txt" })
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(images[0]);
            }
        }
        return stream.ToArray();
    }

    private static byte[] Safetensors()
    {
        var header = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object> { ["a.weight"] = new { dtype = "F32", shape = new[] { 2, 2 }, data_offsets = new[] { 0, 16 } } });
        return [.. BitConverter.GetBytes((long)header.Length), .. header, .. new byte[16]];
    }
}
