using System.Text.Json;
using NeuralCapacitance.Api.CommandLine;
using NeuralCapacitance.Api.Jobs;

namespace NeuralCapacitance.Api.Tests.CommandLine;

public sealed class RunSpecTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("nc-run-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Without_data_the_example_is_submitted()
        => RunSpec.Build(Options()).ShouldBe(ExampleSpec.Text);

    [Fact]
    public void A_folder_takes_the_place_of_the_generated_images()
    {
        var train = Directory.CreateDirectory(Path.Combine(_folder.FullName, "train", "cat"));
        File.WriteAllText(Path.Combine(train.FullName, "1.jpg"), "");

        var spec = JsonDocument.Parse(RunSpec.Build(Options(data: _folder))).RootElement;

        var dataset = spec.GetProperty("dataset");
        dataset.GetProperty("name").GetString().ShouldBe("image-folder");
        dataset.GetProperty("path").GetString().ShouldBe(_folder.FullName);
        dataset.TryGetProperty("synthetic", out _).ShouldBeFalse();
        spec.GetProperty("training").GetProperty("validation").GetDouble().ShouldBe(0.3, "a small folder gives a share of its images");
        spec.GetProperty("training").TryGetProperty("trainLimit", out _).ShouldBeFalse("and trains on all the others");
    }

    [Fact]
    public void A_folder_without_training_images_is_refused_with_what_is_expected()
        => Should.Throw<IOException>(() => RunSpec.Build(Options(data: _folder))).Message.ShouldContain("train/CLASS/");

    [Fact]
    public void A_file_is_submitted_as_it_is()
    {
        var file = new FileInfo(Path.Combine(_folder.FullName, "spec.json"));
        File.WriteAllText(file.FullName, "{ not even JSON");

        RunSpec.Build(Options(spec: file)).ShouldBe("{ not even JSON", "the service tells what is wrong with it");
    }

    private static RunOptions Options(DirectoryInfo? data = null, FileInfo? spec = null)
        => new(Port: 0, data, spec, Once: true, Verbose: false, Settings: []);
}
