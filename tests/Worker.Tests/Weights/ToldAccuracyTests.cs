using NeuralCapacitance.Infrastructure.Weights;
using NeuralCapacitance.Worker.Backbones;
using NeuralCapacitance.Worker.Tests.Models;
using NeuralCapacitance.Worker.Tests.Training;
using NeuralCapacitance.Worker.Weights;
using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Tests.Weights;

/// <summary>How accurate the network was that weights come from: told by their file, or published.</summary>
public sealed class ToldAccuracyTests : IDisposable
{
    private readonly Trials trials = new();

    [Theory]
    [InlineData("best_prec1", 91.78, 0.9178)]
    [InlineData("best_acc1", 76.13, 0.7613)]
    [InlineData("best_acc", 0.76, 0.76)]
    [InlineData("best_accuracy", 0.9, 0.9)]
    [InlineData("acc", 0.9, 0.9)]
    [InlineData("acc@1", 69.758, 0.69758)]
    [InlineData("accuracy", 1, 1.0)]
    [InlineData("accuracy.test", 0.8, 0.8)]
    [InlineData("test_acc", 80, 0.8)]
    [InlineData("valAcc", 80, 0.8)]
    [InlineData("val_acc_top1", 80, 0.8)]
    [InlineData("best-val-accuracy", 0.8, 0.8)]
    [InlineData("test_error", 8.25, 0.9175)]
    [InlineData("best_err1", 0.25, 0.75)]
    [InlineData("epoch", 90, null)]
    [InlineData("train_acc", 0.9, null)]
    [InlineData("best_acc5", 93, null)]
    [InlineData("loss", 0.9, null)]
    [InlineData("lr", 0.1, null)]
    [InlineData("account", 0.1, null)]
    [InlineData("accuracy", 101, null)]
    [InlineData("accuracy", -0.1, null)]
    [InlineData("accuracy", double.NaN, null)]
    public void Usual_names_are_known_and_others_are_not(string name, double value, double? accuracy)
    {
        var told = ToldAccuracy.Find(new Dictionary<string, double> { [name] = value });

        told.HasValue.ShouldBe(accuracy.HasValue);
        (told ?? 0).ShouldBe(accuracy ?? 0, tolerance: 1e-12);
    }

    [Fact]
    public void Test_images_count_before_validation_images_and_those_before_what_is_not_said()
    {
        var figures = new Dictionary<string, double> { ["accuracy"] = 0.5, ["test_error"] = 0.1, ["val_acc"] = 0.7, ["test_acc"] = 0.8 };

        ToldAccuracy.Find(figures).ShouldBe(0.8);
        figures.Remove("test_acc");
        ToldAccuracy.Find(figures).ShouldBe(0.9);
        figures.Remove("test_error");
        ToldAccuracy.Find(figures).ShouldBe(0.7);
        figures.Remove("val_acc");
        ToldAccuracy.Find(figures).ShouldBe(0.5);
    }

    /// <summary>As PyTorch's ImageNet example saves it: the accuracy is a tensor, which makes no second state_dict of the checkpoint.</summary>
    [Fact]
    public void A_checkpoint_s_numbers_are_read_tensors_among_them()
    {
        using var told = WeightsFile.Open(PyTorchFiles.PathOf("told.pth"));
        told.Dicts.Single(dict => dict.Path == "state_dict").Entries.Select(entry => entry.Name).ShouldBe(["0.weight"]);
        told.Figures.ShouldBe(new Dictionary<string, double> { ["epoch"] = 7, ["best_acc1"] = 76.125 }, ignoreOrder: true);

        using var plain = WeightsFile.Open(PyTorchFiles.PathOf("legacy-checkpoint.pth"));
        plain.Figures.ShouldBe(new Dictionary<string, double> { ["epoch"] = 3, ["best"] = 0.5 }, ignoreOrder: true);

        using var keras = WeightsFile.Open(PyTorchFiles.PathOf("keras.h5"));
        keras.Figures.ShouldBeEmpty();
    }

    [Fact]
    public void Numbers_in_the_metadata_of_safetensors_are_read()
    {
        var path = Path.Combine(trials.Folder, "a.safetensors");
        SafetensorsWriter.Write(path, new Dictionary<string, Tensor> { ["a"] = zeros(1) }, new Dictionary<string, string>
        {
            ["format"] = "pt", ["val_acc"] = "81.5", ["accuracy"] = """{"epoch":3,"validation":0.5,"test":null}""", ["classes"] = """["1"]""", ["spec"] = "{", ["empty"] = "", ["odd"] = """{"\ud800":1}""",
        });

        using var file = WeightsFile.Open(path);

        file.Figures.ShouldBe(new Dictionary<string, double> { ["val_acc"] = 81.5, ["accuracy.epoch"] = 3, ["accuracy.validation"] = 0.5 }, ignoreOrder: true);
    }

    [Fact]
    public void Of_published_weights_no_file_is_needed_and_random_ones_have_none()
    {
        var loader = new WeightsLoader(trials.Weights, new BackboneCatalogue());

        loader.SourceAccuracy("resnet18", "imagenet", default).ShouldBe(0.69758);
        loader.SourceAccuracy("resnet18", "random", default).ShouldBeNull();
        Should.Throw<WeightsException>(() => loader.SourceAccuracy("resnet18", "file:none.pth", default)).Message.ShouldContain("none.pth");
        Should.Throw<WeightsException>(() => loader.SourceAccuracy("resnet8", "imagenet", default)).Message.ShouldContain("accepted are 'random' and");
    }

    [Fact]
    public void Accuracies_are_in_the_range_of_ImageNet_networks()
        => ImageNetManifest.Backbones.ShouldAllBe(name => ImageNetManifest.Find(name)!.Top1Accuracy > 0.5 && ImageNetManifest.Find(name)!.Top1Accuracy < 0.85);

    /// <summary>torchvision carries its table with it.</summary>
    [TorchTheory, InlineData("_IMAGENET1K_V1")]
    public void Torchvision_publishes_the_accuracies_of_its_files(string weights)
    {
        var (status, output, errors) = Python.Run("-c", $$"""
            from torchvision import models
            for name in dir(models):
                for entry in getattr(models, name) if name.endswith("_Weights") else []:
                    if entry.name in "{{weights}}":
                        print(entry.url.rsplit("/")[-1], entry.meta["_metrics" if "_metrics" in entry.meta else "metrics"]["ImageNet-1K"]["acc@1"])
            """);
        status.ShouldBe(0, errors);
        var published = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')).ToDictionary(
            words => words[0], words => double.Parse(words[1], System.Globalization.CultureInfo.InvariantCulture), StringComparer.Ordinal);

        var ours = ImageNetManifest.Backbones.Select(name => ImageNetManifest.Find(name)!).Where(w => w.Format == Domain.Backbones.PublishedWeights.PyTorch).ToList();

        ours.Count.ShouldBe(12);
        foreach (var file in ours) (100 * file.Top1Accuracy).ShouldBe(published[file.File], tolerance: 1e-9, file.File);
    }

    public void Dispose() => trials.Dispose();
}
