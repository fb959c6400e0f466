using Microsoft.Extensions.DependencyInjection;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Races;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Infrastructure.Queue;
using NeuralCapacitance.Infrastructure.Trials;
using Npgsql;

namespace NeuralCapacitance.Infrastructure.Tests.Races;

/// <summary>One database per test: a claim looks at all jobs.</summary>
public sealed class RaceTests : IAsyncLifetime
{
    private ServiceNode _node = null!;

    public async Task InitializeAsync() => _node = await ServiceNode.StartAsync(await PostgresFixture.NewDatabaseAsync());

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task One_worker_and_many_decide_the_same_each_round_once(int repeats)
    {
        var alone = await _node.SubmitRaceAsync(repeats: repeats);
        await _node.RunAsync(alone.Id, workers: 1);
        var outcome = await _node.OutcomeAsync(alone.Id);
        (await _node.DecisionsAsync(alone.Id)).ShouldNotContain(d => d.Action == RaceAction.Promoted);

        for (var run = 0; run < 2; run++)
        {
            var shared = await _node.SubmitRaceAsync(repeats: repeats);
            await _node.RunAsync(shared.Id, workers: 4);
            (await _node.OutcomeAsync(shared.Id)).ShouldBe(outcome);
        }

        var decisions = await _node.DecisionsAsync(alone.Id);
        decisions.Select(d => (d.Round, d.Candidate)).ShouldBeUnique();
        decisions.Select(d => d.Round).Distinct().ShouldBe(Enumerable.Range(3, decisions[^1].Round - 2));
        decisions.Single(d => d is { Action: RaceAction.Stopped, IsLeader: true }).Candidate.ShouldBe(0);
    }

    [Fact]
    public async Task Its_trials_end_as_the_decisions_say_and_the_job_with_them()
    {
        var job = await _node.SubmitRaceAsync();
        await _node.RunAsync(job.Id, workers: 1);

        var decisions = await _node.DecisionsAsync(job.Id);
        foreach (var trial in await _node.Trials.ListAsync(job.Id, default))
        {
            var last = decisions.Last(d => d.Candidate == trial.CandidateIndex);
            trial.State.ShouldBe(last.Action == RaceAction.Dropped ? TrialState.Dropped : TrialState.Succeeded);
            (trial.EpochsDone, trial.EpochsTarget).ShouldBe((last.Round, last.Round));
            trial.FinishedAt.ShouldNotBeNull();
        }
        var ended = (await _node.Jobs.FindAsync(job.Id, default))!;
        ended.State.ShouldBe(JobState.Succeeded);
        ended.FinishedAt.ShouldNotBeNull();
        decisions.ShouldContain(d => d.Action == RaceAction.Dropped);
    }

    [Fact]
    public async Task Between_rounds_trials_are_paused_and_the_job_runs()
    {
        var job = await _node.SubmitRaceAsync(candidates: 3);
        await _node.StepAsync();
        await _node.StepAsync();

        (await StatesAsync(job.Id)).ShouldBe([TrialState.Paused, TrialState.Paused, TrialState.Queued]);
        (await _node.DecisionsAsync(job.Id)).ShouldBeEmpty();
        await _node.StepAsync();

        (await _node.DecisionsAsync(job.Id)).Count.ShouldBe(3);
        (await StatesAsync(job.Id)).ShouldNotContain(TrialState.Paused);
        (await _node.Jobs.FindAsync(job.Id, default))!.State.ShouldBe(JobState.Running);
    }

    [Fact]
    public async Task Trials_that_a_decision_queues_are_announced()
    {
        await _node.SubmitRaceAsync(candidates: 3);
        await _node.StepAsync();
        await _node.StepAsync();
        await using var announced = _node.Changes.QueueChangesAsync(default).GetAsyncEnumerator();
        await announced.MoveNextAsync();
        var next = announced.MoveNextAsync().AsTask();
        next.IsCompleted.ShouldBeFalse();

        await _node.StepAsync();

        (await next.WaitAsync(TimeSpan.FromSeconds(30))).ShouldBeTrue();
    }

    [Fact]
    public async Task A_round_taken_up_again_is_no_attempt_without_progress()
    {
        await _node.SubmitRaceAsync(candidates: 2);
        var claims = new List<ClaimedTrial>();
        while (await _node.StepAsync() is { } claimed) claims.Add(claimed);

        claims.Max(c => c.Lease.Attempt).ShouldBeGreaterThan(2);
        claims.ShouldAllBe(c => c.AttemptsWithoutProgress == 1);
    }

    [Fact]
    public async Task A_worker_that_dies_between_its_last_epoch_and_the_pause_loses_nothing()
    {
        var job = await _node.SubmitRaceAsync();
        await _node.RunAsync(job.Id, workers: 1);

        var disturbed = await _node.SubmitRaceAsync();
        var dead = (await _node.Trials.ClaimNextAsync("dead", "signal", "cpu", default))!;
        await _node.TrainAsync(dead);
        var heir = (await _node.Trials.TakeOverAsync(dead.Lease))!;
        (heir.Trial.EpochsDone, heir.Trial.EpochsTarget).ShouldBe((3, 3));
        await _node.Trials.PauseAsync(heir.Lease, null, default);
        await Should.ThrowAsync<LeaseLostException>(() => _node.Trials.PauseAsync(dead.Lease, null, default));
        await _node.RunAsync(disturbed.Id, workers: 2);

        (await _node.OutcomeAsync(disturbed.Id)).ShouldBe(await _node.OutcomeAsync(job.Id));
    }

    [Fact]
    public async Task Pausing_twice_is_pausing_once()
    {
        var job = await _node.SubmitRaceAsync(candidates: 2);
        var claimed = (await _node.Trials.ClaimAsync())!;
        await _node.TrainAsync(claimed);
        (await _node.Trials.PauseAsync(claimed.Lease, "weights", default)).State.ShouldBe(TrialState.Paused);
        (await _node.Trials.PauseAsync(claimed.Lease, "weights", default)).State.ShouldBe(TrialState.Paused);
        (await _node.Trials.ListAsync(job.Id, default))[0].WeightsPath.ShouldBe("weights");
        await Should.ThrowAsync<LeaseLostException>(() => _node.Trials.RecordAsync(claimed.Lease, claimed.Lease.Epoch(4), default));
    }

    [Fact]
    public async Task A_winner_whose_race_another_ones_pause_ended_keeps_its_weights()
    {
        var job = await _node.SubmitRaceAsync(candidates: 2, epochs: 3);
        var (winner, other) = ((await _node.Trials.ClaimAsync())!, (await _node.Trials.ClaimAsync())!);
        await _node.TrainAsync(winner);
        await _node.TrainAsync(other);
        (await _node.Trials.PauseAsync(other.Lease, "other", default)).Ended.ShouldContain(winner.Trial.Id);

        var paused = await _node.Trials.PauseAsync(winner.Lease, "weights", default);

        paused.State.ShouldBe(TrialState.Succeeded);
        paused.Ended.ShouldBe([winner.Trial.Id]);
        (await _node.Trials.ListAsync(job.Id, default))[0].WeightsPath.ShouldBe("weights");
    }

    [Fact]
    public async Task A_free_worker_takes_a_trial_ahead_only_where_nothing_waits_and_not_far()
    {
        var job = await _node.SubmitRaceAsync(candidates: 3, tolerance: 0);
        var slow = (await _node.Trials.ClaimAsync())!; // never finishes its round here
        var ahead = new List<(int Candidate, int Target)>();
        while (await _node.StepAsync() is { } claimed) ahead.Add((claimed.Trial.CandidateIndex, claimed.Trial.EpochsTarget));

        slow.Trial.CandidateIndex.ShouldBe(0);
        ahead[..2].ShouldBe([(1, 3), (2, 3)]);
        ahead.Skip(2).ShouldContain((1, 4));
        ahead.ShouldAllBe(step => step.Target <= 3 + RaceCourse.MostAhead);
        var promotions = await _node.DecisionsAsync(job.Id);
        promotions.ShouldAllBe(d => d.Action == RaceAction.Promoted && d.Repeat == 0 && d.ProbabilityBest >= 0.01);
        promotions.Select(d => (d.Candidate, d.Round + 1)).ShouldBe(ahead.Skip(2));

        await _node.TrainAsync(slow);
        await _node.Trials.PauseAsync(slow.Lease, null, default);
        (await _node.DecisionsAsync(job.Id)).Count(d => d.Round == 3 && d.Action != RaceAction.Promoted).ShouldBe(3);
    }

    [Fact]
    public async Task No_trial_runs_ahead_while_another_job_waits()
    {
        var job = await _node.SubmitRaceAsync(candidates: 3);
        await _node.Trials.ClaimAsync();
        var other = await _node.Jobs.SubmitAsync(candidates: 2);
        await _node.StepAsync();
        await _node.StepAsync();

        (await _node.DecisionsAsync(job.Id)).ShouldBeEmpty();
        (await _node.Trials.ClaimAsync())!.Trial.JobId.ShouldBe(other.Id);
    }

    [Fact]
    public async Task A_trial_that_runs_ahead_is_stopped_when_its_candidate_is_dropped()
    {
        var job = await _node.SubmitRaceAsync(candidates: 2, tolerance: 0);
        var (slow, other) = ((await _node.Trials.ClaimAsync())!, (await _node.Trials.ClaimAsync())!);
        await _node.TrainAsync(slow);
        await _node.TrainAsync(other);
        await SqlAsync($"INSERT INTO decisions (job_id, round, candidate_index, action, is_leader, reason, created_at) VALUES ('{job.Id}', 3, 0, 'stopped', true, '', now()), ('{job.Id}', 3, 1, 'dropped', false, '', now())");

        var paused = await _node.Trials.PauseAsync(slow.Lease, null, default);

        paused.Ended.ShouldBe([slow.Trial.Id, other.Trial.Id], ignoreOrder: true);
        (await StatesAsync(job.Id)).ShouldBe([TrialState.Succeeded, TrialState.Dropped]);
        (await _node.Trials.MayGoOnAsync(other.Lease, default)).ShouldBeFalse();
        (await _node.Trials.ReleaseAsync(other.Lease, default)).ShouldBeTrue();
        (await _node.Trials.PauseAsync(other.Lease, null, default)).State.ShouldBe(TrialState.Dropped);
    }

    [Fact]
    public async Task A_claim_that_meets_the_decision_about_its_trial_ends_it()
    {
        var job = await _node.SubmitRaceAsync(candidates: 2);
        await SqlAsync($"INSERT INTO decisions (job_id, round, candidate_index, action, is_leader, reason, created_at) VALUES ('{job.Id}', 3, 0, 'dropped', false, '', now())");

        (await _node.Trials.ClaimAsync())!.Trial.CandidateIndex.ShouldBe(1);
        (await StatesAsync(job.Id)).ShouldBe([TrialState.Dropped, TrialState.Running]);
    }

    [Fact]
    public async Task A_candidate_whose_trials_fail_is_out_and_the_others_go_on()
    {
        var job = await _node.SubmitRaceAsync(candidates: 3);
        var first = (await _node.Trials.ClaimAsync())!;
        await _node.StepAsync();
        await _node.StepAsync();
        var ended = await _node.Trials.FailAsync(first.Lease, new("diverged", "NaN"), default);

        ended.ShouldContain(first.Trial.Id);
        (await _node.DecisionsAsync(job.Id)).Where(d => d is { Round: 3, Action: not RaceAction.Promoted }).Select(d => d.Candidate).ShouldBe([1, 2]);
        await _node.RunAsync(job.Id, workers: 1);
        (await _node.Jobs.FindAsync(job.Id, default))!.State.ShouldBe(JobState.Succeeded);
        (await _node.DecisionsAsync(job.Id)).Single(d => d is { Action: RaceAction.Stopped, IsLeader: true }).Candidate.ShouldBe(1);
    }

    [Fact]
    public async Task A_race_whose_last_candidates_fail_has_failed()
    {
        var job = await _node.SubmitRaceAsync(candidates: 2);
        while (await _node.Trials.ClaimAsync() is { } claimed) await _node.Trials.FailAsync(claimed.Lease, new("diverged", "NaN"), default);

        var failed = (await _node.Jobs.FindAsync(job.Id, default))!;
        failed.State.ShouldBe(JobState.Failed);
        failed.Failure!.Message.ShouldContain("NaN");
    }

    [Fact]
    public async Task Cancelling_ends_paused_trials_at_once_and_running_ones_with_their_worker()
    {
        var job = await _node.SubmitRaceAsync(candidates: 3);
        var running = (await _node.Trials.ClaimAsync())!;
        await _node.StepAsync();
        await _node.StepAsync();
        (await StatesAsync(job.Id)).ShouldContain(TrialState.Paused);

        (await _node.Jobs.CancelAsync(job.Id, default))!.State.ShouldBe(JobState.Cancelling);
        (await StatesAsync(job.Id)).ShouldBe([TrialState.Running, TrialState.Cancelled, TrialState.Cancelled]);
        await _node.TrainAsync(running);
        (await _node.Trials.PauseAsync(running.Lease, null, default)).State.ShouldBe(TrialState.Cancelled);

        (await _node.Jobs.FindAsync(job.Id, default))!.State.ShouldBe(JobState.Cancelled);
        (await _node.DecisionsAsync(job.Id)).ShouldNotContain(d => d.Action != RaceAction.Promoted);
        (await _node.Jobs.DeleteAsync(job.Id, default)).ShouldBe(Infrastructure.Jobs.DeleteOutcome.Deleted);
    }

    [Fact]
    public async Task A_decision_that_was_lost_is_made_up_for_once()
    {
        var whole = await _node.SubmitRaceAsync();
        await _node.RunAsync(whole.Id, workers: 1);

        var job = await _node.SubmitRaceAsync();
        for (var trial = 0; trial < 5; trial++) await _node.StepAsync();
        await SqlAsync($"DELETE FROM decisions WHERE job_id = '{job.Id}'; UPDATE trials SET state = 'paused', finished_at = NULL, epochs_target = 3 WHERE job_id = '{job.Id}'");
        (await _node.Races.StalledAsync(default)).ShouldBe([job.Id]);

        var settled = await Task.WhenAll(_node.Races.SettleAsync(job.Id, default), _node.Races.SettleAsync(job.Id, default));

        settled.ShouldBe([true, false], ignoreOrder: true);
        (await _node.Races.StalledAsync(default)).ShouldBeEmpty();
        await _node.RunAsync(job.Id, workers: 1);
        (await _node.OutcomeAsync(job.Id)).ShouldBe(await _node.OutcomeAsync(whole.Id));
    }

    [Fact]
    public async Task What_an_epoch_costs_is_each_trials_own_mean()
    {
        var job = await _node.SubmitRaceAsync(candidates: 2);
        await _node.StepAsync();

        var trial = (await _node.Trials.ListAsync(job.Id, default))[0];
        (await _node.Races.SecondsPerEpochAsync([job.Id], default)).ShouldBe([KeyValuePair.Create(trial.Id, 2.0)]);
    }

    private async Task<IReadOnlyList<TrialState>> StatesAsync(Guid job) => [.. (await _node.Trials.ListAsync(job, default)).Select(t => t.State)];

    private async Task SqlAsync(string sql)
    {
        await using var command = _node.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
