using NeuralCapacitance.Api.CommandLine;
using NeuralCapacitance.Client;
using Spectre.Console;

namespace NeuralCapacitance.Api.Tests.CommandLine;

[Collection(ServiceCollectionDefinition.Name)]
public sealed class RunSessionTests(ServiceFixture service)
{
    private readonly StringWriter _output = new();

    [Fact]
    public async Task A_job_is_followed_epoch_by_epoch_to_its_ranking()
    {
        var session = Session();
        var selecting = session.SelectAsync(ServiceFixture.Spec(priority: 100, name: "followed"), CancellationToken.None);
        await PlayAsync();

        (await selecting).ShouldBe(RunOutcome.Ranked, _output.ToString());

        var text = _output.ToString();
        text.Split('\n').Count(line => line.Contains("epoch", StringComparison.Ordinal) && line.Contains("β_eff", StringComparison.Ordinal)).ShouldBe(14);
        var answer = text.IndexOf("Fine-tune `resnet8`: ", StringComparison.Ordinal);
        answer.ShouldBePositive(text);
        answer.ShouldBeLessThan(text.IndexOf("Ranking by neural-capacitance", StringComparison.Ordinal), "the answer is the first line of the result");
        text.ShouldContain("Spearman's ρ");
        text.ShouldContain("/swagger");
        text.IndexOf("resnet8", text.IndexOf("Ranking by", StringComparison.Ordinal), StringComparison.Ordinal)
            .ShouldBeLessThan(text.LastIndexOf("cnn, \"small\"", StringComparison.Ordinal), "the better candidate comes first");
    }

    [Fact]
    public async Task A_spec_with_faults_ends_with_each_of_them()
    {
        var outcome = await Session().SelectAsync("""{ "dataset": { "name": "synthetic" }, "candidates": ["resnet9000", "resnet8"], "priority": 900 }""", CancellationToken.None);

        outcome.ShouldBe(RunOutcome.Refused);
        _output.ToString().ShouldContain("candidates[0]");
        _output.ToString().ShouldContain("priority");
    }

    [Fact]
    public async Task An_interrupted_session_cancels_its_job()
    {
        using var interrupt = new CancellationTokenSource();
        var name = $"interrupted {Guid.NewGuid()}";
        var selecting = Session().SelectAsync(ServiceFixture.Spec(name: name), interrupt.Token);
        await SubmittedAsync(name);
        await interrupt.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(selecting);

        (await SubmittedAsync(name)).State.ShouldBe(Domain.Jobs.JobState.Cancelled);
    }

    private RunSession Session()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(_output), Ansi = AnsiSupport.No });
        console.Profile.Width = 160;
        return new RunSession(new NeuralCapacitanceClient(service.Address), console);
    }

    private async Task PlayAsync()
    {
        var job = await SubmittedAsync("followed");
        for (var trial = 0; trial < job.Progress.Trials; trial++)
        {
            var claimed = await service.ClaimAsync(job);
            await service.ObserveAsync(claimed, 0, 6);
            await service.Trials.SucceedAsync(claimed.Lease, weightsPath: null, CancellationToken.None);
        }
    }

    private async Task<Api.Jobs.JobResponse> SubmittedAsync(string name)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var page = await service.GetAsync<Api.Jobs.PageResponse<Api.Jobs.JobResponse>>("/api/v1/jobs?limit=20");
            if (page.Items.FirstOrDefault(job => job.Name == name) is { } found)
            {
                return found;
            }

            await Task.Delay(50, patience.Token);
        }
    }
}
