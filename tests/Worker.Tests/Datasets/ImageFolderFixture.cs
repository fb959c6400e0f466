using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Worker.Datasets;

namespace NeuralCapacitance.Worker.Tests.Datasets;

/// <summary>A data root and a cache of its own, to be filled with real images; gone after the test.</summary>
internal sealed class ImageFolderFixture : IDisposable
{
    public ImageFolderFixture() => Directory.CreateDirectory(Root);

    public static string Goldens { get; } = Path.Combine(AppContext.BaseDirectory, "Goldens");

    public string Base { get; } = Directory.CreateTempSubdirectory("nc-datasets-").FullName;

    public string Root => Path.Combine(Base, "data");

    public string CacheRoot => Path.Combine(Base, "cache");

    public IOptions<DatasetOptions> Options => Microsoft.Extensions.Options.Options.Create(new DatasetOptions { DataRoots = [Root], CacheRoot = CacheRoot, DownloadRoot = Path.Combine(Base, "downloads"), DecodeThreads = 2 });

    public DatasetCatalogue Catalogue => new(Options, TimeProvider.System, NullLogger<DatasetCatalogue>.Instance);

    public DatasetLoader Loader => new(Options, TimeProvider.System, NullLogger<DatasetLoader>.Instance);

    public static DatasetSpec Folder(string path, params string[] classes)
        => new() { Name = DatasetSpec.ImageFolderName, Path = path, Classes = classes.Length == 0 ? null : classes };

    public static string Golden(string name) => Path.Combine(Goldens, "images", name);

    /// <summary>Copies of one golden image: <c>folder/0000.jpg</c>, …</summary>
    public ImageFolderFixture Add(string folder, int count, string golden = "small.jpg")
    {
        Directory.CreateDirectory(Path.Combine(Root, folder));
        for (var i = 0; i < count; i++) File.Copy(Golden(golden), Path.Combine(Root, folder, $"{i:D4}{Path.GetExtension(golden)}"));
        return this;
    }

    public ImageFolderFixture Write(string file, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(Root, file))!);
        File.WriteAllBytes(Path.Combine(Root, file), bytes);
        return this;
    }

    public void Dispose() => Directory.Delete(Base, recursive: true);
}
