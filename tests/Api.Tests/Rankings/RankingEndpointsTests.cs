using System.Net;
using System.Net.Http.Headers;
using NeuralCapacitance.Api.Rankings;
using NeuralCapacitance.Domain.Jobs;

namespace NeuralCapacitance.Api.Tests.Rankings;

[Collection(ServiceCollectionDefinition.Name)]
public sealed class RankingEndpointsTests(ServiceFixture service)
{
    [Fact]
    public async Task The_candidate_that_learns_to_more_is_ranked_first_with_its_interval_and_cost()
    {
        var job = await service.PlayedJobAsync();

        var ranking = await service.GetAsync<RankingResponse>(job.Links.Ranking);

        ranking.Predictor.ShouldBe("neural-capacitance");
        ranking.Candidates.Select(candidate => candidate.Rank).ShouldBe([1, 2]);
        var best = ranking.Candidates[0];
        best.Candidate.ShouldBe("resnet8");
        best.IntervalLow!.Value.ShouldBeLessThan(best.PredictedAccuracy!.Value);
        best.IntervalHigh!.Value.ShouldBeGreaterThan(best.PredictedAccuracy!.Value);
        best.ProbabilityBest!.Value.ShouldBeInRange(0.5, 1);
        best.Seconds.ShouldBe(7 * 0.75 + 6 * 1.5, tolerance: 1e-9);
        best.LastSeenAccuracy!.Value.ShouldBeInRange(0.75, 0.8);
        ranking.Agreement.ShouldNotBeNull().Spearman.Value!.Value.ShouldBe(1, tolerance: 1e-9);
    }

    [Fact]
    public async Task Before_any_observation_every_candidate_says_why_it_has_no_rank()
    {
        var job = await service.SubmitAsync();

        var ranking = await service.GetAsync<RankingResponse>(job.Links.Ranking);

        ranking.Candidates.Count.ShouldBe(2);
        ranking.Candidates.ShouldAllBe(candidate => candidate.Rank == null && candidate.Reason != null && candidate.State == CandidateState.Queued);
        ranking.Warnings.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("shared-slope")]
    [InlineData("neural-capacitance-per-candidate")]
    [InlineData("last-seen")]
    [InlineData("best-seen")]
    [InlineData("last-three-mean")]
    public async Task Another_predictor_looks_at_the_same_observations(string predictor)
    {
        var job = await service.PlayedJobAsync();

        var ranking = await service.GetAsync<RankingResponse>($"{job.Links.Ranking}?predictor={predictor}&observe=3&start=2");

        ranking.Predictor.ShouldBe(predictor);
        ranking.Window.Observe.ShouldBe(3);
        ranking.Window.Start.ShouldBe(2);
        ranking.Candidates.SelectMany(candidate => candidate.Epochs).ShouldAllBe(epoch => epoch <= 5, "the window ends there");
    }

    [Fact]
    public async Task Unusable_parameters_are_all_named()
    {
        var job = await service.SubmitAsync();
        using var response = await service.Client.GetAsync($"{job.Links.Ranking}?observe=0&start=soon&predictor=oracle");

        var problem = await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-parameter");
        problem.Paths().Order().ShouldBe(["observe", "predictor", "start"]);
    }

    [Fact]
    public async Task A_ranking_that_cannot_have_changed_is_not_sent_again()
    {
        var job = await service.PlayedJobAsync();
        using var first = await service.Client.GetAsync(job.Links.Ranking);
        using var request = new HttpRequestMessage(HttpMethod.Get, job.Links.Ranking);
        request.Headers.IfNoneMatch.Add(first.Headers.ETag.ShouldNotBeNull());

        using var second = await service.Client.SendAsync(request);

        second.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        (await second.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
        first.Headers.ETag.ShouldBe(second.Headers.ETag);
        EntityTagHeaderValue.Any.ShouldNotBe(first.Headers.ETag);
    }
}
