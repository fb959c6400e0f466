using Microsoft.Extensions.DependencyInjection;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Infrastructure.Jobs;
using Npgsql;

namespace NeuralCapacitance.Infrastructure.Tests.Jobs;

/// <summary>One database per test: listings show all jobs.</summary>
public sealed class JobStoreTests : IAsyncLifetime
{
    private ServiceNode _node = null!;

    private NpgsqlDataSource DataSource => _node.Services.GetRequiredService<NpgsqlDataSource>();

    public async Task InitializeAsync() => _node = await ServiceNode.StartAsync(await PostgresFixture.NewDatabaseAsync());

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task What_is_to_be_known_about_the_data_set_is_kept()
    {
        var job = (await _node.Jobs.CreateAsync(Specs.Of(candidates: 2), "{}", null, default, ["'extra' is not read.", "Fewer than 10"])).Job;
        var other = (await _node.Jobs.CreateAsync(Specs.Of(candidates: 2), "{}", null, default)).Job;

        (await _node.Jobs.FindAsync(job.Id, default)).ShouldNotBeNull().Problems.ShouldBe(["'extra' is not read.", "Fewer than 10"]);
        (await _node.Jobs.FindAsync(other.Id, default)).ShouldNotBeNull().Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task Stored_job_reads_back_as_it_was_made()
    {
        var spec = Specs.Of(candidates: 2, repeats: 3, priority: 7) with { Selection = new() { Start = 1, Observe = 3 } };
        var job = (await _node.Jobs.CreateAsync(spec, """{"candidates": ["a", "b"]}""", null, default)).Job;

        var found = (await _node.Jobs.FindAsync(job.Id, default))!;

        (found with { Spec = job.Spec }).ShouldBe(job);
        JobSpecJson.Write(found.Spec).ShouldBe(JobSpecJson.Write(spec));
        var trials = await _node.Trials.ListAsync(job.Id, default);
        trials.Select(t => (t.CandidateIndex, t.Repeat, t.Seed, t.EpochsTarget)).ShouldBe([(0, 0, 1, 4), (0, 1, 2, 4), (0, 2, 3, 4), (1, 0, 1, 4), (1, 1, 2, 4), (1, 2, 3, 4)]);
        await using var given = DataSource.CreateCommand("SELECT given_spec->'candidates'->>1 FROM jobs");
        (await given.ExecuteScalarAsync()).ShouldBe("b");
    }

    [Fact]
    public async Task Full_mode_trains_to_the_last_epoch()
    {
        var spec = Specs.Of(candidates: 2) with { Training = new() { Epochs = 30 }, Selection = new() { Mode = SelectionMode.Full } };
        var job = (await _node.Jobs.CreateAsync(spec, "{}", null, default)).Job;
        (await _node.Trials.ListAsync(job.Id, default)).ShouldAllBe(trial => trial.EpochsTarget == 30);
    }

    [Fact]
    public async Task Unknown_job_is_not_found()
    {
        (await _node.Jobs.FindAsync(Guid.NewGuid(), default)).ShouldBeNull();
        (await _node.Jobs.CancelAsync(Guid.NewGuid(), default)).ShouldBeNull();
        (await _node.Jobs.DeleteAsync(Guid.NewGuid(), default)).ShouldBe(DeleteOutcome.NotFound);
    }

    [Fact]
    public async Task Failed_transaction_leaves_no_rows()
    {
        await Should.ThrowAsync<Exception>(() => _node.Jobs.CreateAsync(Specs.Of(candidates: 2), "this is no JSON", null, default));

        await using var count = DataSource.CreateCommand("SELECT (SELECT count(*) FROM jobs) + (SELECT count(*) FROM trials)");
        (await count.ExecuteScalarAsync()).ShouldBe(0L);
    }

    [Fact]
    public async Task Same_key_and_body_give_the_same_job()
    {
        var key = new IdempotencyKey("key", "hash");
        var first = await _node.Jobs.CreateAsync(Specs.Of(candidates: 2), "{}", key, default);
        var second = await _node.Jobs.CreateAsync(Specs.Of(candidates: 2), "{}", key, default);

        first.Replayed.ShouldBeFalse();
        second.Replayed.ShouldBeTrue();
        second.Job.Id.ShouldBe(first.Job.Id);
    }

    [Fact]
    public async Task Same_key_with_another_body_is_a_conflict()
    {
        await _node.Jobs.CreateAsync(Specs.Of(candidates: 2), "{}", new("key", "hash"), default);
        var conflict = await Should.ThrowAsync<IdempotencyConflictException>(
            () => _node.Jobs.CreateAsync(Specs.Of(candidates: 3), "{}", new("key", "another hash"), default));
        conflict.Message.ShouldContain("'key'");
    }

    [Fact]
    public async Task Concurrent_requests_with_one_key_make_one_job()
    {
        var created = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Task.Run(
            () => _node.Jobs.CreateAsync(Specs.Of(candidates: 2), "{}", new("key", "hash"), default))));

        created.Count(c => !c.Replayed).ShouldBe(1);
        created.Select(c => c.Job.Id).Distinct().Count().ShouldBe(1);
        (await _node.Jobs.ListAsync(null, 100, null, default)).Items.Count.ShouldBe(1);
        await using var trials = DataSource.CreateCommand("SELECT count(*) FROM trials");
        (await trials.ExecuteScalarAsync()).ShouldBe(2L);
    }

    [Fact]
    public async Task Key_is_forgotten_after_24_hours()
    {
        var key = new IdempotencyKey("key", "hash");
        var first = await _node.Jobs.CreateAsync(Specs.Of(candidates: 2), "{}", key, default);
        await AgeKeyAsync("23 hours 59 minutes");
        (await _node.Jobs.CreateAsync(Specs.Of(candidates: 2), "{}", key, default)).Replayed.ShouldBeTrue();
        await AgeKeyAsync("2 minutes");

        var second = await _node.Jobs.CreateAsync(Specs.Of(candidates: 2), "{}", key, default);

        second.Replayed.ShouldBeFalse();
        second.Job.Id.ShouldNotBe(first.Job.Id);

        async Task AgeKeyAsync(string by)
        {
            await using var age = DataSource.CreateCommand($"UPDATE idempotency_keys SET created_at = created_at - interval '{by}'");
            await age.ExecuteNonQueryAsync();
        }
    }

    [Fact]
    public async Task Pages_show_every_job_once_newest_first_even_while_new_ones_arrive()
    {
        var ids = new List<Guid>();
        for (var i = 0; i < 7; i++) ids.Add((await _node.Jobs.SubmitAsync(candidates: 2)).Id);

        var seen = new List<Guid>();
        string? cursor = null;
        do
        {
            var page = await _node.Jobs.ListAsync(null, 3, cursor, default);
            page.Items.Count.ShouldBeLessThanOrEqualTo(3);
            seen.AddRange(page.Items.Select(job => job.Id));
            cursor = page.NextCursor;
            await _node.Jobs.SubmitAsync(candidates: 2);
        }
        while (cursor is not null);

        seen.ShouldBe(Enumerable.Reverse(ids));
    }

    [Fact]
    public async Task Page_that_ends_exactly_with_the_last_job_is_the_last()
    {
        for (var i = 0; i < 4; i++) await _node.Jobs.SubmitAsync(candidates: 2);
        var first = await _node.Jobs.ListAsync(null, 2, null, default);
        (await _node.Jobs.ListAsync(null, 2, first.NextCursor, default)).NextCursor.ShouldBeNull();
    }

    [Fact]
    public async Task Listing_can_be_limited_to_a_state()
    {
        var waiting = await _node.Jobs.SubmitAsync(candidates: 2);
        var cancelled = await _node.Jobs.SubmitAsync(candidates: 2);
        await _node.Jobs.CancelAsync(cancelled.Id, default);

        (await _node.Jobs.ListAsync(new() { States = [JobState.Queued] }, 10, null, default)).Items.Select(job => job.Id).ShouldBe([waiting.Id]);
        (await _node.Jobs.ListAsync(new() { States = [JobState.Cancelled] }, 10, null, default)).Items.Select(job => job.Id).ShouldBe([cancelled.Id]);
        (await _node.Jobs.ListAsync(new() { States = [JobState.Failed] }, 10, null, default)).Items.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("")]
    [InlineData("am9iczotMQ")]
    [InlineData("ÿ")]
    public async Task Foreign_cursor_is_refused(string cursor)
        => await Should.ThrowAsync<FormatException>(() => _node.Jobs.ListAsync(null, 10, cursor, default));

    [Fact]
    public async Task Cancel_before_any_trial_runs_ends_the_job_at_once()
    {
        var job = await _node.Jobs.SubmitAsync(candidates: 3);

        var cancelled = (await _node.Jobs.CancelAsync(job.Id, default))!;

        cancelled.State.ShouldBe(JobState.Cancelled);
        cancelled.FinishedAt.ShouldNotBeNull();
        (await _node.Trials.ListAsync(job.Id, default)).ShouldAllBe(trial => trial.State == TrialState.Cancelled);
        (await _node.Trials.ClaimAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task Cancel_of_a_running_job_lasts_until_the_worker_confirms()
    {
        var job = await _node.Jobs.SubmitAsync(candidates: 3);
        var running = (await _node.Trials.ClaimAsync())!;

        (await _node.Jobs.CancelAsync(job.Id, default))!.State.ShouldBe(JobState.Cancelling);
        (await _node.Trials.ListAsync(job.Id, default)).Count(trial => trial.State == TrialState.Cancelled).ShouldBe(2);
        (await _node.Jobs.CancelAsync(job.Id, default))!.State.ShouldBe(JobState.Cancelling);
        await _node.Trials.ReleaseAsync(running.Lease, default);

        (await _node.Jobs.FindAsync(job.Id, default))!.State.ShouldBe(JobState.Cancelled);
    }

    [Fact]
    public async Task Repeated_cancel_ends_what_a_dead_claimer_left()
    {
        var job = await _node.Jobs.SubmitAsync(candidates: 2);
        await _node.CancelWhileClaimedAsync(job.Id);
        (await _node.Jobs.FindAsync(job.Id, default))!.State.ShouldBe(JobState.Cancelling);

        (await _node.Jobs.CancelAsync(job.Id, default))!.State.ShouldBe(JobState.Cancelled);

        (await _node.Trials.ListAsync(job.Id, default)).ShouldAllBe(trial => trial.State == TrialState.Cancelled);
    }

    [Fact]
    public async Task Trial_released_in_a_cancelled_job_does_not_run_again()
    {
        var job = await _node.Jobs.SubmitAsync(candidates: 2);
        var running = (await _node.Trials.ClaimAsync())!;
        await _node.Jobs.CancelAsync(job.Id, default);

        await _node.Trials.ReleaseAsync(running.Lease, default);

        (await _node.Jobs.FindAsync(job.Id, default))!.State.ShouldBe(JobState.Cancelled);
    }

    [Fact]
    public async Task Trial_of_a_dead_node_in_a_cancelled_job_does_not_run_again()
    {
        var job = await _node.Jobs.SubmitAsync(candidates: 2);
        var dead = (await _node.Trials.ClaimNextAsync("dead", "lost signal", "cpu", default))!;
        await _node.Jobs.CancelAsync(job.Id, default);

        (await _node.Trials.TakeOverAsync(dead.Lease)).ShouldBeNull();

        (await _node.Jobs.FindAsync(job.Id, default))!.State.ShouldBe(JobState.Cancelled);
    }

    [Fact]
    public async Task Cancel_of_a_finished_job_changes_nothing()
    {
        var job = await _node.Jobs.SubmitAsync(candidates: 2);
        while (await _node.Trials.ClaimAsync() is { } claimed) await _node.Trials.SucceedAsync(claimed.Lease, null, default);
        var finished = (await _node.Jobs.FindAsync(job.Id, default))!;
        finished.State.ShouldBe(JobState.Succeeded);

        (await _node.Jobs.CancelAsync(job.Id, default))!.ShouldBeEquivalentTo(finished);
    }

    [Fact]
    public async Task One_failed_trial_does_not_fail_the_job_but_all_do()
    {
        var mixed = await _node.Jobs.SubmitAsync(candidates: 2);
        await _node.Trials.FailAsync((await _node.Trials.ClaimAsync())!.Lease, new("diverged", "The loss is NaN."), default);
        await _node.Trials.SucceedAsync((await _node.Trials.ClaimAsync())!.Lease, "weights/x.safetensors", default);
        var doomed = await _node.Jobs.SubmitAsync(candidates: 2);
        while (await _node.Trials.ClaimAsync() is { } claimed) await _node.Trials.FailAsync(claimed.Lease, new("diverged", "The loss is NaN."), default);

        (await _node.Jobs.FindAsync(mixed.Id, default))!.State.ShouldBe(JobState.Succeeded);
        var trials = await _node.Trials.ListAsync(mixed.Id, default);
        trials.Select(t => t.State).ShouldBe([TrialState.Failed, TrialState.Succeeded]);
        trials[0].Failure.ShouldBe(new("diverged", "The loss is NaN."));
        trials[1].WeightsPath.ShouldBe("weights/x.safetensors");
        var failed = (await _node.Jobs.FindAsync(doomed.Id, default))!;
        failed.State.ShouldBe(JobState.Failed);
        failed.Failure!.Code.ShouldBe("all-trials-failed");
        failed.Failure.Message.ShouldBe("All 2 trials failed; the first, of candidate-0: The loss is NaN.");
    }

    [Fact]
    public async Task Job_is_deleted_even_if_its_artifacts_cannot_be()
    {
        var job = await _node.Jobs.SubmitAsync(candidates: 2);
        await _node.Jobs.CancelAsync(job.Id, default);
        var trial = (await _node.Trials.ListAsync(job.Id, default))[0];
        Directory.CreateDirectory(_node.Artifacts.CheckpointPath(trial.Id, attempt: 1));

        (await _node.Jobs.DeleteAsync(job.Id, default)).ShouldBe(DeleteOutcome.Deleted);

        (await _node.Jobs.FindAsync(job.Id, default)).ShouldBeNull();
    }

    [Fact]
    public async Task Delete_takes_a_finished_job_with_its_rows_and_files_only()
    {
        var job = await _node.Jobs.SubmitAsync(candidates: 2);
        var claimed = (await _node.Trials.ClaimAsync())!;
        await _node.Trials.RecordAsync(claimed.Lease, claimed.Lease.Epoch(0), default);
        var checkpoint = _node.Artifacts.CheckpointPath(claimed.Trial.Id, claimed.Lease.Attempt);
        var weights = _node.Artifacts.WeightsPath(job.Id, claimed.Trial.Id);
        foreach (var file in (string[])[checkpoint, weights]) _node.Artifacts.WriteAtomically(file, path => File.WriteAllText(path, "numbers"));

        (await _node.Jobs.DeleteAsync(job.Id, default)).ShouldBe(DeleteOutcome.StillActive);
        File.Exists(checkpoint).ShouldBeTrue();
        await _node.Jobs.CancelAsync(job.Id, default);
        await _node.Trials.ReleaseAsync(claimed.Lease, default);
        (await _node.Jobs.DeleteAsync(job.Id, default)).ShouldBe(DeleteOutcome.Deleted);

        (await _node.Jobs.FindAsync(job.Id, default)).ShouldBeNull();
        (await _node.Trials.ListAsync(job.Id, default)).ShouldBeEmpty();
        (await _node.Trials.ObservationsAsync(job.Id, 0, 10, default)).ShouldBeEmpty();
        File.Exists(checkpoint).ShouldBeFalse();
        Directory.Exists(Path.GetDirectoryName(weights)).ShouldBeFalse();
    }
}
