using Microsoft.Extensions.Logging.Abstractions;
using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Worker.Datasets.Folders;
using NeuralCapacitance.Worker.Datasets.Reports;

namespace NeuralCapacitance.Worker.Tests.Datasets.Reports;

public sealed class DatasetInspectorTests : IDisposable
{
    private readonly ImageFolderFixture data = new();

    public void Dispose() => data.Dispose();

    [Fact]
    public async Task Files_are_named_relative_to_the_folder_of_the_data_set_whoever_found_it()
    {
        data.Add("birds/train/crow", 2).Add("birds/train/owl", 1, "rgb.png").Write("birds/train/owl/broken.jpg", [0xFF, 0xD8, 0xFF, 0xE0]);

        var found = await Inspector().InspectAsync(new DatasetSpec { Name = "birds" });

        found.Broken.ShouldHaveSingleItem().File.ShouldBe("train/owl/broken.jpg");
        (await Inspector().InspectAsync(ImageFolderFixture.Folder("birds"))).Broken.ShouldBe(found.Broken);
    }

    /// <summary>Several at once: no failure of theirs may come out wrapped in another.</summary>
    [Fact]
    public void Files_that_are_gone_since_they_were_listed_are_an_error_of_the_data_set()
    {
        data.Add("pets/cat", 20).Add("pets/dog", 20);
        var listed = ImageFolder.Read(Path.Combine(data.Root, "pets"), null, new DataRoots([data.Root]), default);
        Directory.Delete(Path.Combine(data.Root, "pets/dog"), recursive: true);

        Should.Throw<DatasetException>(() => FolderHash.Content(listed, threads: 2, default)).Message.ShouldContain("cannot be read");
        Should.Throw<DatasetException>(() => new ImageScan(new FolderSource(listed, new string('a', 64), ExifOrientation.Ignore, 2), threads: 2).Run("version", default))
            .Message.ShouldContain("cannot be read");
    }

    private DatasetInspector Inspector() => new(data.Options, TimeProvider.System, NullLogger<DatasetInspector>.Instance);
}
