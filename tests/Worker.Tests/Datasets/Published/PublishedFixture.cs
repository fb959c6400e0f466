using System.Security.Cryptography;
using System.Text.Json;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Worker.Datasets;

namespace NeuralCapacitance.Worker.Tests.Datasets.Published;

/// <summary>What <c>tools/goldens_published.py</c> wrote about one data set; digests by image size.</summary>
internal sealed record Expectation(string[]? Classes, int[] TrainLabels, int[] TestLabels, Dictionary<string, string> Train, Dictionary<string, string> Test);

/// <summary>A data root into which the few images of the goldens are put in the layout of a published data set.</summary>
internal sealed class PublishedFixture : IDisposable
{
    private readonly ImageFolderFixture folder = new();

    public static string Goldens { get; } = Path.Combine(ImageFolderFixture.Goldens, "published");

    public static Dictionary<string, Expectation> Expected { get; } =
        JsonSerializer.Deserialize<Dictionary<string, Expectation>>(File.ReadAllText(Path.Combine(Goldens, "expected.json")), JsonSerializerOptions.Web)!;

    public string Root => folder.Root;

    public string CacheRoot => folder.CacheRoot;

    public string DownloadRoot => folder.Options.Value.DownloadRoot;

    public DatasetCatalogue Catalogue => folder.Catalogue;

    public static byte[] Golden(string file) => File.ReadAllBytes(Path.Combine(Goldens, file));

    /// <summary>Copies a golden file, or all of a golden folder, to a place below the root.</summary>
    public PublishedFixture Put(string golden, string place)
    {
        var source = Path.Combine(Goldens, golden);
        var target = Path.Combine(Root, place);
        if (File.Exists(source))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(source, target);
            return this;
        }
        Directory.CreateDirectory(target);
        foreach (var file in Directory.GetFiles(source)) File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
        return this;
    }

    public void Write(string file, byte[] bytes) => folder.Write(file, bytes);

    public void Delete(string file) => File.Delete(Path.Combine(Root, file));

    public LoadedDataset Load(DatasetSpec spec, int size = 16) => folder.Loader.Load(spec, size, default);

    public static string Digest(ImageSet images)
    {
        var pixels = new byte[images.Count * 3 * images.Size * images.Size];
        images.CopyTo([.. Enumerable.Range(0, images.Count)], pixels);
        return Convert.ToHexStringLower(SHA256.HashData(pixels));
    }

    public void Dispose() => folder.Dispose();
}
