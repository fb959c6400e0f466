using System.Text.Json;
using Microsoft.AspNetCore.Http;
using NeuralCapacitance.Client.Models;

namespace NeuralCapacitance.Client.Tests.Commands;

public sealed class JobCommandTests : IDisposable
{
    private static readonly string Queued = Wire.Job(JobState.Queued).Json();

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("nc-commands-");
    private readonly Terminal _terminal = new() { Input = """{ "dataset": { "name": "synthetic" }, "candidates": ["resnet8", "cnn-small"] }""" };

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_submission_writes_the_id_and_nothing_else()
    {
        await using var service = await FakeService.StartAsync(FakeService.Json(Queued, 202));

        (await _terminal.RunAsync(["submit", "-", "--url", service.Address.ToString(), "--key", "nc_1"])).ShouldBe(0, _terminal.Notes);

        _terminal.Output.Trim().ShouldBe(Wire.JobId.ToString());
        service.Requests[0].Text.ShouldBe(_terminal.Input);
        service.Requests[0].Headers["Authorization"].ShouldBe("Bearer nc_1");
    }

    [Fact]
    public async Task Address_and_key_come_from_the_environment_where_no_option_says_so()
    {
        await using var service = await FakeService.StartAsync(FakeService.Json(Queued, 202));
        _terminal.Variables["NEURAL_CAPACITANCE_URL"] = service.Address.ToString();
        _terminal.Variables["NEURAL_CAPACITANCE_KEY"] = "nc_environment";
        var file = Path.Combine(_folder.FullName, "key");
        await File.WriteAllTextAsync(file, "nc_file\n");

        (await _terminal.RunAsync(["submit", "-"])).ShouldBe(0, _terminal.Notes);
        (await _terminal.RunAsync(["submit", "-", "--key-file", file])).ShouldBe(0, _terminal.Notes);

        service.Requests.Select(request => request.Headers["Authorization"]).ShouldBe(["Bearer nc_environment", "Bearer nc_file"]);
    }

    public static TheoryData<string, int, string> Endings => new()
    {
        { Wire.Ranking(("resnet8", 1, 0.9), ("cnn-small", 2, 0.1)).Json(), 0, "Fine-tune `resnet8`" },
        { Wire.Ranking(("resnet8", 1, 0.6), ("cnn-small", 2, 0.4)).Json(), 1, "only 60 % sure" },
        { Wire.Ranking(("resnet8", 1, null), ("cnn-small", 1, null)).Json(), 1, "cannot be told apart" },
        { Wire.Ranking(("resnet8", null, null), ("cnn-small", null, null)).Json(), 1, "No candidate could be ranked" },
        { (Wire.Ranking(("resnet8", 1, 0.9)) with { Answer = Answer(AnswerKind.Tie, "The service says tie.") }).Json(), 1, "The service says tie." },
        { (Wire.Ranking(("resnet8", 1, 0.1)) with { Answer = Answer(AnswerKind.Answered, "The service says take it.") }).Json(), 0, "The service says take it." },
    };

    [Theory, MemberData(nameof(Endings))]
    public async Task Waiting_ends_with_the_ranking_and_says_by_its_code_whether_it_is_answered(string ranking, int code, string sentence)
    {
        await using var service = await FakeService.StartAsync(FakeService.Json(Queued, 202), Ends(JobState.Succeeded), FakeService.Json(ranking));

        (await _terminal.RunAsync(["submit", "-", "--wait", "--url", service.Address.ToString()])).ShouldBe(code, _terminal.Notes);

        _terminal.Output.ShouldStartWith(_terminal.Output.Split('\n').First(line => line.Contains(sentence, StringComparison.Ordinal)));
        _terminal.Output.ShouldContain("Ranking by neural-capacitance");
        _terminal.Notes.ShouldNotContain("epoch", customMessage: "a pipe sees no progress");
    }

    [Fact]
    public async Task Programs_get_outcome_job_and_ranking()
    {
        await using var service = await FakeService.StartAsync(FakeService.Json(Queued, 202), Ends(JobState.Succeeded), FakeService.Json(Wire.Ranking(("resnet8", 1, 0.9), ("cnn-small", 2, 0.1)).Json()));

        (await _terminal.RunAsync(["submit", "-", "--wait", "--json", "--url", service.Address.ToString()])).ShouldBe(0, _terminal.Notes);

        var told = JsonDocument.Parse(_terminal.Output).RootElement;
        told.GetProperty("outcome").GetString().ShouldBe("answered");
        told.GetProperty("job").GetProperty("state").GetString().ShouldBe("succeeded");
        told.GetProperty("ranking").GetProperty("candidates")[0].GetProperty("candidate").GetString().ShouldBe("resnet8");
    }

    [Theory]
    [InlineData(JobState.Failed)]
    [InlineData(JobState.Cancelled)]
    public async Task A_job_that_comes_to_nothing_has_failed(JobState state)
    {
        await using var service = await FakeService.StartAsync(FakeService.Json(Queued), Ends(state));

        (await _terminal.RunAsync(["watch", Wire.JobId.ToString(), "--url", service.Address.ToString()])).ShouldBe(2);

        _terminal.Notes.ShouldContain($"The job ended as {state.ToString().ToLowerInvariant()}");
        _terminal.Output.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_log_gets_a_line_for_each_epoch_where_it_asks_for_it()
    {
        await using var service = await FakeService.StartAsync(
            FakeService.Json(Queued), Ends(JobState.Succeeded, Wire.Event("observation", Wire.Observation(7), 7)), FakeService.Json(Wire.Ranking(("resnet8", 1, 1)).Json()));

        (await _terminal.RunAsync(["watch", Wire.JobId.ToString(), "--progress", "plain", "--url", service.Address.ToString()])).ShouldBe(0, _terminal.Notes);

        _terminal.Notes.ShouldContain("resnet8            epoch  1/0  accuracy  50.0 %");
    }

    [Fact]
    public async Task A_refusal_tells_each_fault()
    {
        await using var service = await FakeService.StartAsync(FakeService.Problem(400, "invalid-job-spec", """[{ "path": "priority", "value": 900, "problem": "is out of range", "accepted": "-100 to 100" }]"""));

        (await _terminal.RunAsync(["submit", "-", "--wait", "--url", service.Address.ToString()])).ShouldBe(3);

        _terminal.Notes.ShouldContain("This is why.");
        _terminal.Notes.ShouldContain("priority is out of range. Accepted: -100 to 100");
    }

    [Theory]
    [InlineData(3, "--key and --key-file exclude each other", "submit", "-", "--key", "a", "--key-file", "b")]
    [InlineData(3, "is no address of a service", "submit", "-", "--url", "example.org")]
    [InlineData(3, "cannot be read", "submit", "no-such-file.json")]
    [InlineData(3, "cannot be read", "submit", "-", "--key-file", "no-such-file")]
    [InlineData(3, "ID", "watch", "seven")]
    [InlineData(3, "Required", "submit")]
    [InlineData(3, "'cancelling'", "jobs", "--state", "asleep")]
    [InlineData(3, "a whole number, at least 1, would be accepted", "jobs", "--limit", "0")]
    [InlineData(3, "--limit", "jobs", "--limit", "many")]
    [InlineData(3, ".html, .md, .svg and .png would be accepted", "report", "0196f3a2-5b1e-7c44-9d0a-1f2e3d4c5b6a", "--out", "report.pdf")]
    [InlineData(3, "beta-accuracy", "report", "0196f3a2-5b1e-7c44-9d0a-1f2e3d4c5b6a", "--out", "a.svg", "--plot", "pie")]
    [InlineData(3, "--name", "datasets", "upload", ".")]
    [InlineData(3, "one folder per class", "datasets", "upload", "no-such-folder", "--name", "birds")]
    public async Task A_command_line_that_cannot_be_is_refused_with_what_could(int code, string says, params string[] arguments)
    {
        (await _terminal.RunAsync(arguments)).ShouldBe(code);

        (_terminal.Notes + _terminal.Output).ShouldContain(says);
    }

    [Fact]
    public async Task An_interrupted_wait_leaves_the_job_running_and_says_how_to_go_on()
    {
        using var interrupt = new CancellationTokenSource();
        await using var service = await FakeService.StartAsync(FakeService.Json(Queued, 202), InterruptedBy(interrupt));

        (await _terminal.RunAsync(["submit", "-", "--wait", "--url", service.Address.ToString()], interrupt.Token)).ShouldBe(130);

        _terminal.Notes.ShouldContain($"neural-capacitance watch {Wire.JobId}");
        service.Requests.ShouldAllBe(request => !request.Path.EndsWith("/cancel"));
    }

    [Fact]
    public async Task An_interrupted_wait_cancels_the_job_where_it_was_told_to()
    {
        using var interrupt = new CancellationTokenSource();
        await using var service = await FakeService.StartAsync(FakeService.Json(Queued, 202), InterruptedBy(interrupt), FakeService.Json(Wire.Job(JobState.Cancelling).Json(), 202));

        (await _terminal.RunAsync(["submit", "-", "--wait", "--cancel-on-interrupt", "--url", service.Address.ToString()], interrupt.Token)).ShouldBe(130);

        service.Requests[^1].Path.ShouldEndWith("/cancel");
        _terminal.Notes.ShouldContain("was told to stop");
    }

    [Fact]
    public async Task A_ranking_can_be_asked_of_other_predictors()
    {
        await using var service = await FakeService.StartAsync(FakeService.Json(Wire.Ranking(("resnet8", 1, 0.4), ("cnn-small", 2, 0.3)).Json()));

        (await _terminal.RunAsync(["ranking", Wire.JobId.ToString(), "--predictor", "last-seen", "--observe", "3", "--url", service.Address.ToString()])).ShouldBe(0, _terminal.Notes);

        service.Requests[0].Path.ShouldEndWith("/ranking?observe=3&predictor=last-seen");
    }

    [Fact]
    public async Task A_tie_is_observed_further_by_the_job_that_its_answer_names()
    {
        var tie = Answer(AnswerKind.Tie, "Tied.") with { MoreEpochs = 3, Further = new FurtherJob { Name = "birds, to epoch 8", Observe = 8, Candidates = ["cnn-small"] } };
        var job = Wire.Job(JobState.Succeeded) with
        {
            Spec = new JobSpec
            {
                Dataset = new DatasetSpec { Name = "synthetic" },
                Candidates = [new CandidateSpec { Backbone = "resnet8", Name = "resnet8" }, new CandidateSpec { Backbone = "cnn-small", Name = "cnn-small" }],
                Selection = new SelectionSpec { Mode = SelectionMode.Race, Observe = 5, Race = new RaceSpec(), Predictor = "last-seen" },
                Training = new TrainingSpec { Epochs = 20, Seed = 7 },
            },
        };
        await using var service = await FakeService.StartAsync(FakeService.Json(job.Json()), FakeService.Json((Wire.Ranking(("resnet8", 1, 0.6)) with { Answer = tie }).Json()), FakeService.Json(Queued, 202));

        (await _terminal.RunAsync(["observe", Wire.JobId.ToString(), "--url", service.Address.ToString()])).ShouldBe(0, _terminal.Notes);

        _terminal.Output.Trim().ShouldBe(Wire.JobId.ToString());
        service.Requests[2].Path.ShouldBe("/api/v1/jobs");
        var spec = JsonDocument.Parse(service.Requests[2].Text).RootElement;
        spec.GetProperty("name").GetString().ShouldBe("birds, to epoch 8");
        spec.GetProperty("candidates").EnumerateArray().Select(candidate => candidate.GetProperty("name").GetString()).ShouldBe(["cnn-small"]);
        spec.GetProperty("training").GetProperty("seed").GetInt32().ShouldBe(7);
        var selection = spec.GetProperty("selection");
        selection.GetProperty("observe").GetInt32().ShouldBe(8);
        selection.GetProperty("mode").GetString().ShouldBe("early");
        selection.GetProperty("predictor").GetString().ShouldBe("last-seen");
        selection.TryGetProperty("race", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task A_job_that_more_epochs_would_not_decide_is_not_observed_further()
    {
        await using var service = await FakeService.StartAsync(FakeService.Json(Queued), FakeService.Json((Wire.Ranking(("resnet8", 1, 1)) with { Answer = Answer(AnswerKind.Answered, "Take it.") }).Json()));

        (await _terminal.RunAsync(["observe", Wire.JobId.ToString(), "--url", service.Address.ToString()])).ShouldBe(3);

        _terminal.Notes.ShouldContain("is no tie that more epochs would decide. Take it.");
        service.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_table_says_of_which_epoch_and_images_its_numbers_are()
    {
        var ranking = Wire.Ranking(("resnet8", 1, 0.9), ("cnn-small", 2, 0.1));
        var seen = ranking with { FinalAccuracyMeaning = "test, the last epoch", Candidates = [.. ranking.Candidates.Select(c => c with { Epochs = [1, 2, 3, 4, 5], SeenInWindow = 0.5, LastSeenAccuracy = 0.5, LastSeenEpoch = 5 })] };
        var later = seen with { Candidates = [.. seen.Candidates.Select(c => c with { LastSeenAccuracy = 0.6, LastSeenEpoch = 7, FinalAccuracy = 0.58 })] };
        await using var service = await FakeService.StartAsync(FakeService.Json(seen.Json()), FakeService.Json(later.Json()));

        (await _terminal.RunAsync(["ranking", Wire.JobId.ToString(), "--url", service.Address.ToString()])).ShouldBe(0, _terminal.Notes);
        _terminal.Output.ShouldContain("Seen at epoch 5");
        _terminal.Output.ShouldNotContain("Seen last");
        _terminal.Output.ShouldNotContain("Final (");

        (await _terminal.RunAsync(["ranking", Wire.JobId.ToString(), "--url", service.Address.ToString()])).ShouldBe(0, _terminal.Notes);
        _terminal.Output.ShouldContain("Seen last (epoch 7)");
        _terminal.Output.ShouldContain("Final (test, the last epoch)");
    }

    [Theory]
    [InlineData("r.html", "ranking", "report")]
    [InlineData("r.md", "ranking", "report.md")]
    [InlineData("r.svg", "curves", "plots/curves.svg")]
    [InlineData("r.PNG", "race", "plots/race.png")]
    public async Task A_report_comes_in_the_format_of_its_ending(string file, string plot, string part)
    {
        await using var service = await FakeService.StartAsync(FakeService.Text("the report", "text/plain"));
        var path = Path.Combine(_folder.FullName, file);

        (await _terminal.RunAsync(["report", Wire.JobId.ToString(), "--out", path, "--plot", plot, "--url", service.Address.ToString()])).ShouldBe(0, _terminal.Notes);

        service.Requests[0].Path.ShouldBe($"/api/v1/jobs/{Wire.JobId}/{part}");
        (await File.ReadAllTextAsync(path)).ShouldBe("the report");
        _folder.GetFiles().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_report_that_cannot_be_had_leaves_no_file()
    {
        await using var service = await FakeService.StartAsync(FakeService.Problem(404, "job-not-found"));
        var path = Path.Combine(_folder.FullName, "r.md");

        (await _terminal.RunAsync(["report", Wire.JobId.ToString(), "--out", path, "--url", service.Address.ToString()])).ShouldBe(3);

        _folder.GetFiles().ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_a_file_the_report_is_Markdown_on_standard_output()
    {
        await using var service = await FakeService.StartAsync(FakeService.Text("# Answer", "text/markdown"));

        (await _terminal.RunAsync(["report", Wire.JobId.ToString(), "--url", service.Address.ToString()])).ShouldBe(0, _terminal.Notes);

        _terminal.Output.ShouldBe("# Answer");
        service.Requests[0].Path.ShouldEndWith("/report.md");
    }

    [Fact]
    public async Task A_service_that_is_not_there_is_named()
    {
        await using var service = await FakeService.StartAsync(context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });

        (await _terminal.RunAsync(["cancel", Wire.JobId.ToString(), "--retries", "0", "--url", service.Address.ToString()])).ShouldBe(2, _terminal.Notes);

        _terminal.Notes.ShouldContain($"The service at {service.Address} cannot be reached");
    }

    private static Answer Answer(AnswerKind kind, string sentence) => new() { Kind = kind, Sentence = sentence, Recommended = [], Next = "Go on." };

    private static RequestDelegate Ends(JobState state, string before = "") => FakeService.Text(before + Wire.Event("end", Wire.Job(state)), "text/event-stream");

    private static RequestDelegate InterruptedBy(CancellationTokenSource interrupt) => async context =>
    {
        await FakeService.Text(Wire.Event("job", Wire.Job()), "text/event-stream")(context);
        await context.Response.Body.FlushAsync();
        await interrupt.CancelAsync();
    };
}
