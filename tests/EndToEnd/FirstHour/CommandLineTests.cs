using System.Diagnostics;

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

        var (code, cost) = await newcomer.CommandAsync("submit", "job.json", "--dry-run");
        code.ShouldBe(0, cost);
        cost.ShouldContain("cnn-small");
        cost.ShouldContain("training images, 6 epochs, 1 repeat; at most");

        var answer = await newcomer.AskAsync("submit", "job.json", "--wait", "--json");
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
        var (code, output) = await newcomer.CommandAsync("model", job, "--out", "model");
        code.ShouldBe(0, output);

        var loaded = await PythonAsync("load_model.py");
        loaded.Code.ShouldBe(0, loaded.Output);
        // The snippet ends with what to do with the model; here it is done.
        await File.AppendAllTextAsync(newcomer.PathOf("model/load_model.py"), "\nmodel.eval()\nprint('logits', tuple(model(torch.zeros(2, 3, 32, 32)).shape), len(classes))\n");
        (await PythonAsync("load_model.py")).Output.ShouldContain("logits (2, 4) 4");
    }

    private async Task<(int Code, string Output)> PythonAsync(string script)
    {
        using var python = Process.Start(new ProcessStartInfo(PyTorchFactAttribute.Python, script)
        {
            WorkingDirectory = newcomer.PathOf("model"), RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        })!;
        var (output, errors) = (python.StandardOutput.ReadToEndAsync(), python.StandardError.ReadToEndAsync());
        await python.WaitForExitAsync();
        return (python.ExitCode, await output + await errors);
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
