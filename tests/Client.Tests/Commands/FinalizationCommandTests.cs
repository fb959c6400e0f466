using System.Security.Cryptography;
using System.Text.Json;
using NeuralCapacitance.Client.Models;

namespace NeuralCapacitance.Client.Tests.Commands;

public sealed class FinalizationCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("nc-commands-");
    private readonly Terminal _terminal = new();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_candidate_is_trained_to_its_end_and_the_next_step_is_said()
    {
        await using var service = await FakeService.StartAsync(
            FakeService.Json(Wire.Job(JobState.Queued).Json(), 202),
            FakeService.Text(Wire.Event("end", Wire.Job(JobState.Succeeded)), "text/event-stream"),
            FakeService.Json(Finalized(JobState.Succeeded).Json()));

        (await RunAsync(service, "finalize", Wire.JobId.ToString(), "--candidate", "resnet8", "--head", "trainable-probe", "--epochs", "2", "--wait")).ShouldBe(0, _terminal.Notes);

        var asked = JsonDocument.Parse(service.Requests[0].Text).RootElement;
        asked.GetProperty("candidate").GetString().ShouldBe("resnet8");
        asked.GetProperty("head").GetString().ShouldBe("trainable-probe");
        asked.GetProperty("epochs").GetInt32().ShouldBe(2);
        _terminal.Output.ShouldContain($"resnet8 is trained. `neural-capacitance model {Wire.JobId}` downloads the model.");
    }

    [Fact]
    public async Task Without_waiting_the_id_of_the_finalization_is_written()
    {
        await using var service = await FakeService.StartAsync(FakeService.Json(Wire.Job(JobState.Queued).Json(), 202));
        (await RunAsync(service, "finalize", Wire.JobId.ToString())).ShouldBe(0, _terminal.Notes);
        _terminal.Output.Trim().ShouldBe(Wire.JobId.ToString());
    }

    [Fact]
    public async Task A_finalization_that_fails_has_failed()
    {
        await using var service = await FakeService.StartAsync(
            FakeService.Json(Wire.Job(JobState.Queued).Json(), 202), FakeService.Text(Wire.Event("end", Wire.Job(JobState.Failed)), "text/event-stream"));
        (await RunAsync(service, "finalize", Wire.JobId.ToString(), "--wait")).ShouldBe(2);
        _terminal.Notes.ShouldContain("ended as failed");
    }

    [Fact]
    public async Task An_unknown_head_is_refused_with_the_known_ones()
    {
        (await _terminal.RunAsync(["finalize", Wire.JobId.ToString(), "--head", "round"])).ShouldBe(3);
        _terminal.Notes.ShouldContain("trainable-probe");
    }

    [Fact]
    public async Task A_model_comes_with_what_loads_it()
    {
        await using var service = await FakeService.StartAsync(FakeService.Json(Finalized(JobState.Succeeded).Json()), context =>
        {
            context.Response.Headers["Repr-Digest"] = $"sha-256=:{Convert.ToBase64String(SHA256.HashData("weights"u8))}:";
            return FakeService.Text("weights", "application/octet-stream")(context);
        }, FakeService.Text("def create", "text/x-python"));

        (await RunAsync(service, "model", Wire.JobId.ToString(), "--out", Path.Combine(_folder.FullName, "new"))).ShouldBe(0, _terminal.Notes);

        var file = Path.Combine(_folder.FullName, "new", "resnet8.safetensors");
        _terminal.Output.Trim().ShouldBe(file);
        (await File.ReadAllTextAsync(file)).ShouldBe("weights");
        (await File.ReadAllTextAsync(Path.Combine(_folder.FullName, "new", "load_model.py"))).ShouldBe("from pytorch_backbones import create");
        (await File.ReadAllTextAsync(Path.Combine(_folder.FullName, "new", "pytorch_backbones.py"))).ShouldBe("def create");
    }

    [Theory]
    [InlineData(JobState.Running, "its finalization is running. `neural-capacitance watch")]
    [InlineData(null, "has no model: `neural-capacitance finalize")]
    public async Task Where_there_is_no_model_it_is_said_how_one_comes_about(JobState? state, string says)
    {
        await using var service = await FakeService.StartAsync(FakeService.Json((state is { } now ? Finalized(now) : Wire.Job(JobState.Succeeded)).Json()));
        (await RunAsync(service, "model", Wire.JobId.ToString(), "--out", _folder.FullName)).ShouldBe(3);
        _terminal.Notes.ReplaceLineEndings(" ").ShouldContain(says);
        _folder.GetFiles().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_dry_run_shows_what_each_candidate_would_cost()
    {
        await using var service = await FakeService.StartAsync(FakeService.Json(Estimate().Json()));
        (await RunAsync(service, "submit", Spec(), "--dry-run")).ShouldBe(0, _terminal.Notes);

        service.Requests[0].Path.ShouldEndWith("?dryRun=true");
        _terminal.Output.ShouldContain("resnet8");
        _terminal.Output.ShouldContain("1.50");
        _terminal.Output.ShouldContain("200 MiB");
        _terminal.Output.ShouldContain("2.0 min on one device, 100 training images, 4 epochs, 2 repeats; at most 200 MiB of memory.");
        _terminal.Output.ShouldContain("Not in the sum: 1 candidates that could not be measured.");
    }

    [Fact]
    public async Task A_dry_run_of_what_would_be_refused_is_a_refusal()
    {
        var estimate = Estimate() with { Obstacles = [new Fault { Path = "candidates[1].weights", Problem = "are not cached", Accepted = "`random`" }] };
        await using var service = await FakeService.StartAsync(FakeService.Json(estimate.Json()));
        (await RunAsync(service, "submit", Spec(), "--dry-run", "--json")).ShouldBe(3);
        _terminal.Notes.ShouldContain("candidates[1].weights are not cached. Accepted: `random`");
        JsonDocument.Parse(_terminal.Output).RootElement.GetProperty("seconds").GetDouble().ShouldBe(120);
    }

    private Task<int> RunAsync(FakeService service, params string[] arguments) => _terminal.RunAsync([.. arguments, "--url", service.Address.ToString()]);

    private string Spec()
    {
        var file = Path.Combine(_folder.FullName, "job.json");
        File.WriteAllText(file, "{}");
        return file;
    }

    private static Job Finalized(JobState state) => Wire.Job(JobState.Succeeded) with
    {
        Finalization = new Finalization
        {
            Id = Wire.JobId, Candidate = "resnet8", Head = ModelHead.Linear, State = state, Href = "/j",
            Model = state is JobState.Succeeded
                ? new Model { Href = "/m", FileName = "resnet8.safetensors", Sha256 = "", Bytes = 7, SnippetHref = "/s", Snippet = "from pytorch_backbones import create" }
                : null,
        },
    };

    private static JobEstimate Estimate() => new()
    {
        Images = new ImageCounts { Train = 100, Validation = 30, Test = 30 },
        Epochs = 4,
        Repeats = 2,
        Candidates =
        [
            new CandidateEstimate { Candidate = "resnet8", SecondsPerEpoch = 1.5, Seconds = 120, Cost = new CandidateCost { Device = "cpu", Threads = 2, TrainSecondsPerStep = 0, TrainSecondsPerImage = 0, EvaluationSecondsPerImage = 0, BetaSecondsPerImage = 0, InputSize = 32, MeasuredBatch = 32, PeakMemoryBytes = 200L << 20 } },
            new CandidateEstimate { Candidate = "vgg19", Reason = "it did not fit" },
        ],
        Seconds = 120,
        Obstacles = [],
        Problems = [],
        PeakMemoryBytes = 200L << 20,
    };
}
