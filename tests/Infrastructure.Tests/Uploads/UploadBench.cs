using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Infrastructure.Tests.Archives;
using NeuralCapacitance.Infrastructure.Uploads;

namespace NeuralCapacitance.Infrastructure.Tests.Uploads;

/// <summary>Uploads into a folder of their own, with a catalogue that takes every folder of folders for a data set.</summary>
internal sealed class UploadBench : IDisposable
{
    public static readonly byte[] Jpeg = [0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3, 4, 5, 6, 7, 8, 0xFF, 0xD9];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("nc-uploads-");

    public UploadBench(UploadOptions? options = null, Func<string, long>? freeBytes = null)
    {
        Folder = new UploadFolder(Path.Combine(_folder.FullName, "uploads"));
        Uploads = new DatasetUploads(
            Folder,
            Options.Create(options ?? new UploadOptions { MaxBytes = 1 << 20, MaxExpandedBytes = 4 << 20, MaxFiles = 50, KeepFreeBytes = 0 }),
            new FolderCatalogue(), TimeProvider.System, NullLogger<DatasetUploads>.Instance, freeBytes);
    }

    public UploadFolder Folder { get; }

    public DatasetUploads Uploads { get; }

    /// <summary>Everything below the folder that uploads may write to, and beside it.</summary>
    public IEnumerable<string> Paths => _folder.EnumerateFileSystemInfos("*", SearchOption.AllDirectories)
        .Select(info => Path.GetRelativePath(Folder.Root, info.FullName)).Where(path => path != ".").Order(StringComparer.Ordinal);

    public static RawEntry Image(string name) => new(name, Jpeg);

    public static RawEntry[] Pets => [Image("cat/1.jpg"), Image("cat/2.jpeg"), Image("dog/1.JPG")];

    public Task<UploadResult> AddAsync(params IEnumerable<RawEntry> entries) => AddAsync(RawZip.Of(entries));

    public Task<UploadResult> AddAsync(byte[] archive, string name = "pets") => Uploads.AddAsync(name, new MemoryStream(archive), archive.Length, CancellationToken.None);

    public void Dispose() => _folder.Delete(recursive: true);

    private sealed class FolderCatalogue : IDatasetCatalogue
    {
        public IReadOnlyList<DatasetKind> Kinds =>
            [new("cifar10", PathUse.Optional, "binary files"), new(DatasetSpec.ImageFolderName, PathUse.Required, "a folder"), new(DatasetSpec.SyntheticName, PathUse.None)];

        public IReadOnlyList<DatasetInfo> List() => [];

        public DatasetInfo Inspect(DatasetSpec spec)
        {
            if (spec.Name != DatasetSpec.ImageFolderName || !Path.IsPathRooted(spec.Path)) throw new DatasetException("path", "There is no such folder.");
            var classes = Directory.GetDirectories(spec.Path);
            return classes.Length == 0
                ? throw new DatasetException("path", $"No images in '{spec.Path}'.")
                : new DatasetInfo { Spec = spec, Classes = [.. classes.Select(path => new ClassCount(Path.GetFileName(path), 1, 0))], Problems = [] };
        }
    }
}
