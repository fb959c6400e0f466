using NeuralCapacitance.Api.Jobs;
using NeuralCapacitance.Api.Trials;
using NeuralCapacitance.Domain.Trials;

namespace NeuralCapacitance.Api.Tests.Trials;

[Collection(ServiceCollectionDefinition.Name)]
public sealed class TrialEndpointsTests(ServiceFixture service)
{
    [Fact]
    public async Task Trials_show_their_scores_with_values_or_reasons()
    {
        var job = await service.SubmitAsync(ServiceFixture.Spec(priority: 100, name: "scored"));
        var claimed = await service.ClaimAsync(job);
        await service.Trials.RecordScoresAsync(
            claimed.Lease,
            [new(claimed.Trial.Id, "naswot", 120.5, null, 0.5), new(claimed.Trial.Id, "leep", null, "not applicable: no head")],
            CancellationToken.None);

        var trials = (await service.GetAsync<TrialList>(job.Links.Trials)).Items;

        trials.Single(trial => trial.Id == claimed.Trial.Id).Scores.ShouldBe([new("leep", null, "not applicable: no head"), new("naswot", 120.5, null)]);
        trials.Single(trial => trial.Id != claimed.Trial.Id).Scores.ShouldBeEmpty();
        await service.Trials.FailAsync(claimed.Lease, new Failure("test", "ended"), CancellationToken.None);
        var other = await service.ClaimAsync(job);
        await service.Trials.FailAsync(other.Lease, new Failure("test", "ended"), CancellationToken.None);
    }

    [Fact]
    public async Task A_trial_says_what_it_starts_from_and_a_job_how_many_candidates_failed()
    {
        var job = await service.SubmitAsync(ServiceFixture.Spec(priority: 100, name: "half failed"));
        job.Warnings.ShouldBeEmpty();
        var claimed = await service.ClaimAsync(job);
        await service.Trials.FailAsync(claimed.Lease, new Failure("test", "ended"), CancellationToken.None);

        (await service.GetAsync<JobResponse>(job.Links.Self)).Warnings.ShouldBe([$"1 of 2 candidates failed and is not among those compared: {claimed.Trial.Candidate}"]);
        (await service.GetAsync<TrialList>(job.Links.Trials)).Items.ShouldAllBe(trial => trial.Weights == "random" && trial.SavedWeights == null);
        var other = await service.ClaimAsync(job);
        await service.Trials.FailAsync(other.Lease, new Failure("test", "ended"), CancellationToken.None);
    }
}
