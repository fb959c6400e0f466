using System.Text.Json;

namespace NeuralCapacitance.EndToEnd.FirstHour;

/// <summary>docs/first-hour.md by command line: from a folder of images to the model in PyTorch.</summary>
[Collection(nameof(Newcomer))]
public sealed class CommandLineTests(Newcomer newcomer)
{
    [Fact]
    public async Task From_a_folder_of_images_to_a_report()
    {
        (await newcomer.CommandAsync("datasets", "upload", newcomer.Images, "--name", "fruit")).Output.ShouldContain("fruit: 90 images of 3 classes");
        await File.WriteAllTextAsync(newcomer.PathOf("job.json"), Job);

        var cost = await newcomer.CommandAsync("submit", "job.json", "--dry-run");
        cost.Code.ShouldBe(0, cost.Notes);
        cost.Output.ShouldContain("cnn-small");
        cost.Output.ShouldContain("training images, 6 epochs, 1 repeat; at most");

        var ended = await newcomer.CommandAsync("submit", "job.json", "--wait", "--json");
        ended.Code.ShouldBeInRange(0, 1, ended.Notes);
        var answer = JsonDocument.Parse(ended.Output).RootElement;
        answer.GetProperty("outcome").GetString().ShouldBeOneOf("answered", "cannot-tell");
        answer.GetProperty("ranking").GetProperty("candidates").GetArrayLength().ShouldBe(3);
        var id = answer.GetProperty("job").GetProperty("id").GetString()!;

        (await newcomer.CommandAsync("report", id, "--out", "report.html")).Code.ShouldBe(0);
        var report = await File.ReadAllTextAsync(newcomer.PathOf("report.html"));
        report.ShouldContain("resnet8");
        report.ShouldContain(answer.GetProperty("ranking").GetProperty("answer").GetProperty("recommended")[0].GetString()!);
    }

    [PyTorchFact]
    public async Task The_model_loads_in_PyTorch_and_tells_the_classes_apart()
    {
        var job = newcomer.Example.ToString();
        (await newcomer.CommandAsync("finalize", job, "--candidate", "resnet8", "--epochs", "2", "--wait")).Output.ShouldContain("resnet8 is trained");
        var model = await newcomer.CommandAsync("model", job, "--out", "model");
        model.Code.ShouldBe(0, model.Notes);

        // The snippet ends with what to do with the model; here it is done.
        await File.AppendAllTextAsync(newcomer.PathOf("model/load_model.py"), "\nmodel.eval()\nprint('logits', tuple(model(torch.zeros(2, 3, 32, 32)).shape), len(classes))\n");
        var loaded = await newcomer.RunAsync(PyTorchFactAttribute.Python, newcomer.PathOf("model"), "load_model.py");
        loaded.Output.ShouldContain("logits (2, 4) 4", customMessage: loaded.Notes);
    }

    private const string Job =
        """
        {
          "name": "fruit by command line",
          "dataset": { "name": "image-folder", "path": "fruit" },
          "candidates": ["cnn-small", "resnet8", "vgg-small"],
          "training": { "epochs": 6, "batchSize": 16, "imageSize": 32, "seed": 1 },
          "probe": { "samples": 20 },
          "selection": { "observe": 3, "mode": "full" }
        }
        """;
}
