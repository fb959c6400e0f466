using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Infrastructure.History;
using NeuralCapacitance.Infrastructure.Trials;

namespace NeuralCapacitance.Infrastructure.Tests.History;

public sealed class PastJobStoreTests : IAsyncLifetime
{
    private const string Header = "run,model,epoch,val_acc,test_acc,train_acc,train_loss,beta";

    private ServiceNode _node = null!;

    private PastJobStore Past => _node.Services.GetRequiredService<PastJobStore>();

    public async Task InitializeAsync() => _node = await ServiceNode.StartAsync(await PostgresFixture.NewDatabaseAsync());

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task Finished_full_jobs_are_history_the_newest_first_and_those_of_the_same_data_marked()
    {
        var first = await FinishAsync("first", "birds");
        var second = await FinishAsync("second", "cars");
        await FinishAsync("early", "birds", SelectionMode.Early);
        var running = (await _node.Jobs.CreateAsync(Spec("running", SelectionMode.Full), "{}", null, default)).Job;

        var list = await Past.ListAsync(running.Id, default);
        var history = await Past.ReadAsync(list, "birds", default);

        list.Jobs.Select(job => job.Id).ShouldBe([second, first]);
        history.Jobs.Select(task => (task.Name, task.SameDataset, task.Epochs)).ShouldBe([("second", false, 5), ("first", true, 5)]);
        history.All.Select(task => task.Name).ShouldBe(["first", "second"], "the same images first");
        history.Imported.ShouldBeEmpty();
        var candidate = history.Jobs[0].Candidates[1];
        candidate.Name.ShouldBe("candidate-1");
        candidate.FinalAccuracy.ShouldBe(0.55, 1e-12, "of a training of fewer than ten epochs, the last one counts");
        candidate.Curves.Repeats.ShouldHaveSingleItem().Count.ShouldBe(6);
        (await Past.ReadAsync(list, null, default)).Jobs.ShouldAllBe(task => !task.SameDataset);
    }

    [Fact]
    public async Task A_job_is_no_history_of_its_own()
    {
        var job = await FinishAsync("alone", "birds");

        (await Past.ListAsync(job, default)).Jobs.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_fingerprint_changes_with_the_history_and_with_nothing_else()
    {
        var asking = Guid.NewGuid();
        var before = await Past.ListAsync(asking, default);
        await _node.Jobs.CancelAsync((await _node.Jobs.SubmitAsync(candidates: 2)).Id, default);
        (await Past.ListAsync(asking, default)).Fingerprint.ShouldBe(before.Fingerprint);

        var job = await FinishAsync("one more", "birds");
        var after = await Past.ListAsync(asking, default);
        after.Fingerprint.ShouldNotBe(before.Fingerprint);

        await _node.Jobs.DeleteAsync(job, default);
        (await Past.ListAsync(asking, default)).Fingerprint.ShouldBe(before.Fingerprint);
        (await Past.ReadAsync(after, null, default)).Jobs.ShouldBeEmpty("it was deleted meanwhile");
    }

    [Fact]
    public async Task No_more_than_the_fifty_newest_are_looked_at()
    {
        var jobs = new List<Guid>();
        for (var i = 0; i < 52; i++) jobs.Add(await FinishAsync($"job {i}", "birds", epochs: 1));

        (await Past.ListAsync(Guid.NewGuid(), default)).Jobs.Select(job => job.Id).ShouldBe(Enumerable.Reverse(jobs).Take(50));
        (await Past.ListAsync(jobs[^1], default)).Jobs.Select(job => job.Id).ShouldBe(Enumerable.Reverse(jobs).Skip(1).Take(50));
    }

    [Fact]
    public async Task Curves_from_elsewhere_are_history_besides()
    {
        using var file = new CsvFile(Header, "other,a,1,0.5,,,,0.2", "other,a,2,0.6,0.55,,,0.1", "other,b,1,0.5,,,,0.2", "other,b,2,0.7,0.65,,,0.1");
        await using var node = await ServiceNode.StartAsync(await PostgresFixture.NewDatabaseAsync(), configure: null, ("Ranking:History:0", file.Path));
        var past = node.Services.GetRequiredService<PastJobStore>();

        var list = await past.ListAsync(Guid.NewGuid(), default);
        var history = await past.ReadAsync(list, "birds", default);

        history.Jobs.ShouldBeEmpty();
        var task = history.All.ShouldHaveSingleItem();
        (task.Name, task.SameDataset, task.Epochs).ShouldBe(("other", false, 2));
        task.Candidates.Select(c => c.FinalAccuracy).ShouldBe([0.55, 0.65]);
        list.Fingerprint.ShouldNotBe((await Past.ListAsync(Guid.NewGuid(), default)).Fingerprint);
    }

    [Fact]
    public async Task A_broken_file_stops_the_start_and_says_where()
    {
        using var broken = new CsvFile(Header, "other,a,1,0.5,,,,0.2", "other,a,2,sixty,,,,0.1");
        using var lonely = new CsvFile(Header, "other,a,1,0.5,,,,0.2");

        var failure = await Should.ThrowAsync<OptionsValidationException>(() => ServiceNode.StartAsync(
            "Host=unused", configure: null, ("Ranking:History:0", broken.Path), ("Ranking:History:1", "/no/such/file.csv"), ("Ranking:History:2", lonely.Path)));

        failure.Failures.ShouldBe(
        [
            $"Ranking:History:0 is no CSV of curves: {broken.Path}, line 3: column 'val_acc' is 'sixty', not a number.",
            "Ranking:History:1 '/no/such/file.csv' is no file; give the path of a CSV of curves.",
            $"Ranking:History:2 '{lonely.Path}' has no run of at least two models that were trained to its last epoch.",
        ]);
    }

    private static JobSpec Spec(string name, SelectionMode mode, int epochs = 5)
    {
        var spec = Specs.Of(candidates: 2);
        return spec with { Name = name, Training = spec.Training with { Epochs = epochs }, Selection = spec.Selection with { Mode = mode } };
    }

    /// <summary>Runs a job to its end: accuracies are 0.50 and 0.01 more with each epoch.</summary>
    private async Task<Guid> FinishAsync(string name, string datasetHash, SelectionMode mode = SelectionMode.Full, int epochs = 5)
    {
        var job = (await _node.Jobs.CreateAsync(Spec(name, mode, epochs), "{}", null, default)).Job;
        for (var i = 0; i < 2; i++)
        {
            var claimed = await ClaimAsync(job.Id);
            await _node.Trials.DescribeAsync(claimed.Lease, new RunEnvironment(datasetHash, new Dictionary<string, string>()), default);
            for (var epoch = 0; epoch <= epochs; epoch++) await _node.Trials.RecordAsync(claimed.Lease, claimed.Lease.Epoch(epoch, 0.5 + (0.01 * epoch)), default);
            await _node.Trials.SucceedAsync(claimed.Lease, null, default);
        }
        return job.Id;
    }

    private async Task<ClaimedTrial> ClaimAsync(Guid job)
    {
        var claimed = (await _node.Trials.ClaimAsync()).ShouldNotBeNull();
        claimed.Trial.JobId.ShouldBe(job);
        return claimed;
    }

    private sealed class CsvFile : IDisposable
    {
        public CsvFile(params string[] lines) => File.WriteAllLines(Path, lines);

        public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"nc-curves-{Guid.NewGuid():N}.csv");

        public void Dispose() => File.Delete(Path);
    }
}
