using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Trials;

namespace NeuralCapacitance.Infrastructure.Tests.Trials;

/// <summary>One database per test: a claim looks at all jobs.</summary>
public sealed class ClaimTests : IAsyncLifetime
{
    private ServiceNode _node = null!;

    public async Task InitializeAsync() => _node = await ServiceNode.StartAsync(await PostgresFixture.NewDatabaseAsync());

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task Higher_priority_is_served_first_and_equal_ones_first_come_first_served()
    {
        var first = await _node.Jobs.SubmitAsync(candidates: 2);
        var second = await _node.Jobs.SubmitAsync(candidates: 2);
        var urgent = await _node.Jobs.SubmitAsync(candidates: 2, priority: 5);
        var unhurried = await _node.Jobs.SubmitAsync(candidates: 2, priority: -5);

        var served = new List<Guid>();
        while (await _node.Trials.ClaimAsync() is { } claimed) served.Add(claimed.Trial.JobId);

        served.ShouldBe([urgent.Id, urgent.Id, first.Id, first.Id, second.Id, second.Id, unhurried.Id, unhurried.Id]);
    }

    [Fact]
    public async Task All_candidates_have_their_first_repeat_before_any_has_its_second()
    {
        await _node.Jobs.SubmitAsync(candidates: 3, repeats: 2);

        var served = new List<(int Repeat, int Candidate, long Seed)>();
        while (await _node.Trials.ClaimAsync() is { } claimed) served.Add((claimed.Trial.Repeat, claimed.Trial.CandidateIndex, claimed.Trial.Seed));

        served.ShouldBe([(0, 0, 1), (0, 1, 1), (0, 2, 1), (1, 0, 2), (1, 1, 2), (1, 2, 2)]);
    }

    [Fact]
    public async Task Parallel_claims_take_each_trial_once_and_leave_none()
    {
        await _node.Jobs.SubmitAsync(candidates: 10, repeats: 2);
        await _node.Jobs.SubmitAsync(candidates: 10);

        var claims = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => Task.Run(() => _node.Trials.ClaimAsync())));

        claims.ShouldAllBe(claim => claim != null);
        claims.Select(claim => claim!.Trial.Id).Distinct().Count().ShouldBe(30);
        (await _node.Trials.ClaimAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task First_claim_starts_the_job()
    {
        var job = await _node.Jobs.SubmitAsync(candidates: 2);
        job.State.ShouldBe(JobState.Queued);

        var claimed = (await _node.Trials.ClaimAsync("me"))!;

        claimed.Trial.State.ShouldBe(TrialState.Running);
        claimed.Trial.Attempt.ShouldBe(1);
        claimed.Trial.Device.ShouldBe("cpu");
        claimed.Lease.Owner.ShouldBe("me");
        var started = (await _node.Jobs.FindAsync(job.Id, default))!;
        started.State.ShouldBe(JobState.Running);
        started.StartedAt.ShouldBe(claimed.Trial.StartedAt);
        started.Version.ShouldBeGreaterThan(job.Version);
    }

    [Fact]
    public async Task Repeated_claim_of_one_owner_is_the_same_claim()
    {
        await _node.Jobs.SubmitAsync(candidates: 2);

        var first = (await _node.Trials.ClaimAsync("me"))!;
        var again = (await _node.Trials.ClaimAsync("me"))!;

        again.Lease.ShouldBe(first.Lease);
    }

    [Fact]
    public async Task Claim_that_meets_a_cancel_cancels_its_trial()
    {
        for (var round = 0; round < 20; round++)
        {
            var job = await _node.Jobs.SubmitAsync(candidates: 2);
            var claims = new[] { Task.Run(() => _node.Trials.ClaimAsync()), Task.Run(() => _node.Trials.ClaimAsync()) };
            await Task.Run(() => _node.Jobs.CancelAsync(job.Id, default));
            foreach (var claim in await Task.WhenAll(claims))
            {
                if (claim is not null) await _node.Trials.ReleaseAsync(claim.Lease, default);
            }
            (await _node.Jobs.FindAsync(job.Id, default))!.State.ShouldBe(JobState.Cancelled);
            (await _node.Trials.ListAsync(job.Id, default)).ShouldAllBe(trial => trial.State == TrialState.Cancelled);
        }
    }
}
