using Microsoft.Extensions.DependencyInjection;
using NeuralCapacitance.Domain.Finalizations;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Infrastructure.Finalizations;
using NeuralCapacitance.Infrastructure.Jobs;
using NeuralCapacitance.Infrastructure.Tests.Queue;
using Npgsql;

namespace NeuralCapacitance.Infrastructure.Tests.Finalizations;

/// <summary>One database per test: claims take the next trial of all jobs.</summary>
public sealed class FinalizationStoreTests : IAsyncLifetime
{
    private static readonly FinalizeOrder Defaults = new(new FinalizeSpec(), Candidate: null, Predictor: null);

    private string _database = null!;
    private ServiceNode _node = null!;

    private FinalizationStore Finalizations => _node.Services.GetRequiredService<FinalizationStore>();

    public async Task InitializeAsync() => _node = await ServiceNode.StartAsync(_database = await PostgresFixture.NewDatabaseAsync());

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task The_first_of_the_ranking_becomes_a_job_of_one_trial_that_a_worker_takes()
    {
        var job = await PlayedAsync(best: 1);
        await using var announced = _node.Changes.QueueChangesAsync(default).GetAsyncEnumerator();
        await announced.MoveNextAsync();

        var outcome = await FinalizeAsync(job, Defaults);

        (await announced.MoveNextAsync()).ShouldBeTrue();
        var made = outcome.Job.ShouldNotBeNull(outcome.Reason);
        made.Finalizes.ShouldBe(job.Id);
        made.Spec.Candidates.ShouldHaveSingleItem().Name.ShouldBe("candidate-1");
        var claimed = (await _node.Trials.ClaimAsync()).ShouldNotBeNull();
        (claimed.Trial.JobId, claimed.Trial.EpochsTarget, claimed.Spec.Head).ShouldBe((made.Id, 5, ModelHead.Linear));
    }

    [Fact]
    public async Task A_named_candidate_is_taken_whatever_its_rank()
        => (await FinalizeAsync(await PlayedAsync(best: 1), Defaults with { Candidate = "candidate-0" })).Job.ShouldNotBeNull().Spec.Candidates[0].Name.ShouldBe("candidate-0");

    [Fact]
    public async Task A_finalization_is_in_no_listing_but_its_job_has_it()
    {
        var job = await PlayedAsync();
        var version = (await _node.Jobs.FindAsync(job.Id, default))!.Version;
        var made = (await FinalizeAsync(job, Defaults)).Job!;

        (await _node.Jobs.ListAsync(null, 100, null, default)).Items.ShouldHaveSingleItem().Id.ShouldBe(job.Id);
        (await _node.Jobs.ListActiveAsync(default)).ShouldHaveSingleItem().Id.ShouldBe(made.Id);
        var its = await Finalizations.OfAsync([job.Id, made.Id], default);
        its[job.Id].ShouldHaveSingleItem().Job.Id.ShouldBe(made.Id);
        its[made.Id].ShouldHaveSingleItem().Trial.State.ShouldBe(TrialState.Queued);
        (await _node.Jobs.FindAsync(job.Id, default))!.Version.ShouldBeGreaterThan(version);
    }

    [Fact]
    public async Task Its_end_is_a_change_of_its_job_and_its_model_is_known_with_its_digest()
    {
        var job = await PlayedAsync();
        await FinalizeAsync(job, Defaults);
        var claimed = (await _node.Trials.ClaimAsync())!;
        var version = (await _node.Jobs.FindAsync(job.Id, default))!.Version;

        await _node.Trials.RecordAsync(claimed.Lease, claimed.Lease.Epoch(0) with { BetaEff = null }, default);
        (await _node.Jobs.FindAsync(job.Id, default))!.Version.ShouldBe(version);
        await _node.Trials.SucceedAsync(claimed.Lease, "weights/a.safetensors", new FileDigest("abc", 42), default);

        (await _node.Jobs.FindAsync(job.Id, default))!.Version.ShouldBe(version + 1);
        var finalization = (await Finalizations.OfAsync([job.Id], default))[job.Id].ShouldHaveSingleItem();
        finalization.HasModel.ShouldBeTrue();
        finalization.Trial.WeightsDigest.ShouldBe(new FileDigest("abc", 42));
        (await _node.Trials.ObservationsAsync(finalization.Job.Id, 0, 10, default)).ShouldHaveSingleItem().BetaEff.ShouldBeNull();
    }

    [Fact]
    public async Task A_job_that_asked_for_it_is_finalized_once_when_its_last_trial_ends()
    {
        var asked = new FinalizeSpec { Head = ModelHead.Probe, Epochs = 9 };
        var job = await PlayedAsync(best: 1, spec => spec with { Selection = spec.Selection with { Finalize = asked } });

        var made = (await Finalizations.OfAsync([job.Id], default))[job.Id].ShouldHaveSingleItem();

        (made.Job.State, made.Job.Spec.Head, made.Trial.EpochsTarget, made.Trial.Candidate).ShouldBe((JobState.Queued, ModelHead.Probe, 9, "candidate-1"));
        await using var given = Sql("SELECT given_spec->>'head' FROM jobs WHERE finalizes IS NOT NULL");
        (await given.ExecuteScalarAsync()).ShouldBe("probe");
        (await FinalizeAsync(job, Defaults)).Refusal.ShouldBe(FinalizeRefusal.FinalizationActive);
    }

    [Fact]
    public async Task The_end_of_the_last_trial_told_twice_makes_one_finalization()
    {
        var spec = Specs.Of(candidates: 1) with { Selection = new() { Observe = 2, Finalize = new() } };
        var job = (await _node.Jobs.CreateAsync(spec, "{}", null, default)).Job;
        var claimed = (await _node.Trials.ClaimAsync())!;
        await ObserveAsync(claimed.Lease, reach: 0.7);

        await _node.Trials.SucceedAsync(claimed.Lease, null, default);
        await _node.Trials.SucceedAsync(claimed.Lease, null, default);

        (await Finalizations.OfAsync([job.Id], default))[job.Id].Count().ShouldBe(1);
    }

    [Fact]
    public async Task A_worker_that_ends_a_job_goes_on_with_the_finalization_that_it_asked_for()
    {
        var spec = Specs.Of(candidates: 2) with { Selection = new() { Observe = 3, Predictor = "last-seen", Finalize = new() { Epochs = 2 } } };
        // Its reconciliation is an hour away: the firing that ends the job sees to the signal.
        await using var worker = await WorkerNodes.StartAsync(_database, TimeSpan.Zero);
        var job = (await _node.Jobs.CreateAsync(spec, "{}", null, default)).Job;
        await worker.WaitForAsync(job.Id, JobState.Succeeded);

        var made = (await Finalizations.OfAsync([job.Id], default))[job.Id].ShouldHaveSingleItem();
        await worker.WaitForAsync(made.Job.Id, JobState.Succeeded);

        (await _node.Trials.ListAsync(made.Job.Id, default)).ShouldHaveSingleItem().EpochsDone.ShouldBe(2);
    }

    [Fact]
    public async Task Cancelled_and_failed_jobs_are_not_finalized()
    {
        var spec = Specs.Of(candidates: 1) with { Selection = new() { Finalize = new() } };
        var cancelled = (await _node.Jobs.CreateAsync(spec, "{}", null, default)).Job;
        await _node.Jobs.CancelAsync(cancelled.Id, default);
        var failed = (await _node.Jobs.CreateAsync(spec, "{}", null, default)).Job;
        await _node.Trials.FailAsync((await _node.Trials.ClaimAsync())!.Lease, new Failure("diverged", "The loss became NaN."), default);

        (await Finalizations.OfAsync([cancelled.Id, failed.Id], default)).ShouldBeEmpty();
        (await FinalizeAsync(cancelled, Defaults)).Refusal.ShouldBe(FinalizeRefusal.JobCancelled);
        var nobody = await FinalizeAsync(failed, Defaults);
        nobody.Refusal.ShouldBe(FinalizeRefusal.NobodyRanked);
        nobody.Reason.ShouldContain("candidate-0: failed");
        var named = await FinalizeAsync(failed, Defaults with { Candidate = "candidate-0" });
        named.Refusal.ShouldBe(FinalizeRefusal.CandidateFailed);
        named.Reason.ShouldContain("The loss became NaN.");
    }

    [Fact]
    public async Task A_job_that_has_not_ended_is_refused_and_so_is_a_finalization()
    {
        var running = await _node.Jobs.SubmitAsync(candidates: 2);
        (await FinalizeAsync(running, Defaults)).Refusal.ShouldBe(FinalizeRefusal.JobNotFinished);
        await _node.Jobs.CancelAsync(running.Id, default);

        var made = (await FinalizeAsync(await PlayedAsync(), Defaults)).Job!;
        await EndAsync();

        (await FinalizeAsync(made, Defaults)).Refusal.ShouldBe(FinalizeRefusal.NoSelection);
        (await Finalizations.CreateAsync(Guid.NewGuid(), Defaults, "{}", null, default)).Refusal.ShouldBe(FinalizeRefusal.JobNotFound);
    }

    [Fact]
    public async Task Concurrent_requests_make_one_finalization()
    {
        var job = await PlayedAsync();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => FinalizeAsync(job, Defaults))));

        outcomes.Count(outcome => outcome.Job is not null).ShouldBe(1);
        outcomes.Count(outcome => outcome.Refusal == FinalizeRefusal.FinalizationActive).ShouldBe(5);
        outcomes.Where(outcome => outcome.Active is not null).Select(outcome => outcome.Active).Distinct().ShouldBe([outcomes.Single(o => o.Job is not null).Job!.Id]);
    }

    [Fact]
    public async Task Same_key_gives_the_same_finalization_even_when_it_has_ended()
    {
        var job = await PlayedAsync();
        var key = new IdempotencyKey("key", "hash");
        var first = await Finalizations.CreateAsync(job.Id, Defaults, "{}", key, default);
        await EndAsync();

        var second = await Finalizations.CreateAsync(job.Id, Defaults, "{}", key, default);

        (first.Replayed, second.Replayed).ShouldBe((false, true));
        second.Job!.Id.ShouldBe(first.Job!.Id);
        await Should.ThrowAsync<IdempotencyConflictException>(() => Finalizations.CreateAsync(job.Id, Defaults, "{}", new("key", "another"), default));
    }

    [Fact]
    public async Task A_job_is_deleted_with_its_finalizations_but_not_while_one_is_at_work()
    {
        var job = await PlayedAsync();
        var made = (await FinalizeAsync(job, Defaults)).Job!;
        (await _node.Jobs.DeleteAsync(job.Id, default)).ShouldBe(DeleteOutcome.FinalizationActive);
        var trial = await EndAsync();
        var model = _node.Artifacts.ModelPath(made.Id, trial, attempt: 1);
        _node.Artifacts.WriteAtomically(model, path => File.WriteAllText(path, "model"));

        (await _node.Jobs.DeleteAsync(job.Id, default)).ShouldBe(DeleteOutcome.Deleted);

        (await _node.Jobs.FindAsync(made.Id, default)).ShouldBeNull();
        File.Exists(model).ShouldBeFalse();
    }

    [Fact]
    public async Task A_deleted_finalization_leaves_its_job()
    {
        var job = await PlayedAsync();
        var made = (await FinalizeAsync(job, Defaults)).Job!;
        await EndAsync();
        var version = (await _node.Jobs.FindAsync(job.Id, default))!.Version;

        (await _node.Jobs.DeleteAsync(made.Id, default)).ShouldBe(DeleteOutcome.Deleted);

        (await _node.Jobs.FindAsync(job.Id, default)).ShouldNotBeNull().Version.ShouldBe(version + 1);
        (await Finalizations.OfAsync([job.Id], default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_file_of_a_model_never_lies_outside_the_artifacts()
    {
        _node.Artifacts.WriteAtomically(_node.Artifacts.ModelPath(Guid.Empty, Guid.Empty, 1), path => File.WriteAllText(path, "model"));
        var outside = Path.Combine(_node.Artifacts.Root, "..", "secret");
        await File.WriteAllTextAsync(outside, "secret");
        File.CreateSymbolicLink(Path.Combine(_node.Artifacts.Root, "link"), outside);

        _node.Artifacts.FindSaved($"weights/{Guid.Empty}/{Guid.Empty}.1.safetensors").ShouldNotBeNull().Length.ShouldBe(5);
        foreach (var path in new[] { "../secret", "link", outside, "weights/none" }) _node.Artifacts.FindSaved(path).ShouldBeNull(path);
    }

    private Task<FinalizeOutcome> FinalizeAsync(Job job, FinalizeOrder order) => Finalizations.CreateAsync(job.Id, order, "{}", null, default);

    /// <summary>A job of two candidates whose trials have ended, <paramref name="best"/>'s with the higher accuracy.</summary>
    private async Task<Job> PlayedAsync(int best = 0, Func<JobSpec, JobSpec>? change = null)
    {
        var spec = Specs.Of(candidates: 2) with { Selection = new() { Observe = 3, Predictor = "last-seen" } };
        var job = (await _node.Jobs.CreateAsync(change?.Invoke(spec) ?? spec, "{}", null, default)).Job;
        for (var i = 0; i < 2; i++)
        {
            var claimed = (await _node.Trials.ClaimAsync())!;
            claimed.Trial.JobId.ShouldBe(job.Id);
            await ObserveAsync(claimed.Lease, reach: claimed.Trial.CandidateIndex == best ? 0.8 : 0.5);
            await _node.Trials.SucceedAsync(claimed.Lease, null, default);
        }
        return (await _node.Jobs.FindAsync(job.Id, default))!;
    }

    private async Task ObserveAsync(NeuralCapacitance.Infrastructure.Trials.Lease lease, double reach)
    {
        for (var epoch = 0; epoch <= 3; epoch++) await _node.Trials.RecordAsync(lease, lease.Epoch(epoch, reach * epoch / 3), default);
    }

    /// <summary>Plays the next trial to its end.</summary>
    private async Task<Guid> EndAsync()
    {
        var claimed = (await _node.Trials.ClaimAsync())!;
        await _node.Trials.SucceedAsync(claimed.Lease, null, default);
        return claimed.Trial.Id;
    }

    private NpgsqlCommand Sql(string text) => _node.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(text);
}
