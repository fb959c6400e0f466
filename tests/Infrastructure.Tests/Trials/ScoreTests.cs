using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Infrastructure.Trials;

namespace NeuralCapacitance.Infrastructure.Tests.Trials;

public sealed class ScoreTests : IAsyncLifetime
{
    private ServiceNode _node = null!;
    private ClaimedTrial _claimed = null!;

    private Lease Lease => _claimed.Lease;

    public async Task InitializeAsync()
    {
        _node = await ServiceNode.StartAsync(await PostgresFixture.NewDatabaseAsync());
        await _node.Jobs.SubmitAsync(candidates: 2);
        _claimed = (await _node.Trials.ClaimAsync())!;
    }

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task Scores_are_kept_as_they_were_first_written()
    {
        TrialScore[] scores = [new(Lease.TrialId, "leep", null, "not applicable: no head", 0), new(Lease.TrialId, "logme", -0.123456789012345, null, 0.25)];
        (await _node.Trials.HasScoresAsync(Lease.TrialId, default)).ShouldBeFalse();

        await _node.Trials.RecordScoresAsync(Lease, scores, default);
        await _node.Trials.RecordScoresAsync(Lease, [scores[1] with { Value = 7 }, scores[0]], default);

        (await _node.Trials.HasScoresAsync(Lease.TrialId, default)).ShouldBeTrue();
        (await _node.Trials.ScoresAsync(_claimed.Trial.JobId, default)).OrderBy(s => s.Name, StringComparer.Ordinal).ShouldBe(scores);
    }

    [Fact]
    public async Task Scores_of_other_jobs_are_not_mixed_in()
    {
        await _node.Trials.RecordScoresAsync(Lease, [new(Lease.TrialId, "logme", 0.5, null)], default);
        var other = await _node.Jobs.SubmitAsync(candidates: 1);

        (await _node.Trials.ScoresAsync(other.Id, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_trial_that_starts_over_keeps_its_scores()
    {
        await _node.Trials.RecordScoresAsync(Lease, [new(Lease.TrialId, "logme", 0.5, null)], default);
        await _node.Trials.RecordAsync(Lease, Lease.Epoch(0), default);

        await _node.Trials.ContinueFromAsync(Lease, [], default);

        (await _node.Trials.HasScoresAsync(Lease.TrialId, default)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_score_of_another_trial_is_a_bug()
        => await Should.ThrowAsync<ArgumentException>(() => _node.Trials.RecordScoresAsync(Lease, [new(Guid.NewGuid(), "logme", 0.5, null)], default));
}
