using System.Net;
using NeuralCapacitance.Api.Rankings;
using NeuralCapacitance.Api.Reports.Plots;

namespace NeuralCapacitance.Api.Tests.Reports;

[Collection(ServiceCollectionDefinition.Name)]
public sealed class BetaAccuracyTests(ServiceFixture service)
{
    [Theory]
    [InlineData("shared-slope", true)]
    [InlineData("neural-capacitance-per-candidate", true)]
    [InlineData("last-seen", false)]
    public async Task The_picture_in_numbers_is_that_of_the_ranking(string predictor, bool fitsLine)
    {
        var job = await service.PlayedJobAsync();

        var picture = await service.GetAsync<BetaAccuracyResponse>($"{job.Links.Self}/plots/beta-accuracy.json?predictor={predictor}&observe=3&start=1");
        var ranking = await service.GetAsync<RankingResponse>($"{job.Links.Ranking}?predictor={predictor}&observe=3&start=1");

        picture.Window.ShouldBe(ranking.Window);
        picture.Reason.ShouldBeNull();
        picture.Candidates.Select(candidate => candidate.Candidate).ShouldBe(job.Spec.Candidates.Select(candidate => candidate.Name));
        foreach (var (candidate, ranked) in picture.Candidates.Select(candidate => (candidate, ranking.Candidates.Single(r => r.Candidate == candidate.Candidate))))
        {
            candidate.Points.Select(point => point.Epoch).ShouldBe([1, 2, 3, 4, 5, 6]);
            candidate.Points.Where(point => point.IsUsed).Select(point => point.Epoch).ShouldBe(ranked.Epochs);
            candidate.PredictedAccuracy.ShouldBe(ranked.PredictedAccuracy);
            (candidate.IntervalLow, candidate.IntervalHigh, candidate.FinalAccuracy).ShouldBe((ranked.IntervalLow, ranked.IntervalHigh, ranked.FinalAccuracy));
            (candidate.Slope is not null).ShouldBe(fitsLine);
        }
    }

    [Fact]
    public async Task Why_there_is_no_picture_is_said()
    {
        var job = await service.PlayedJobAsync();

        (await service.GetAsync<BetaAccuracyResponse>($"{job.Links.Self}/plots/beta-accuracy.json?predictor=naswot")).Reason.ShouldNotBeNull().ShouldContain("scores");
        var queued = await service.SubmitAsync();
        var nothing = await service.GetAsync<BetaAccuracyResponse>($"{queued.Links.Self}/plots/beta-accuracy.json");
        nothing.Reason.ShouldNotBeNull().ShouldContain("No candidate");
        nothing.Candidates.ShouldAllBe(candidate => candidate.Points.Count == 0);
    }

    [Fact]
    public async Task What_cannot_be_asked_is_refused()
    {
        var job = await service.SubmitAsync();

        using var unknown = await service.Client.GetAsync($"{job.Links.Self}/plots/beta-accuracy.json?predictor=crystal-ball&observe=0");
        using var nobody = await service.Client.GetAsync($"/api/v1/jobs/{Guid.NewGuid()}/plots/beta-accuracy.json");

        await unknown.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-parameter");
        (await unknown.Content.ReadAsStringAsync()).ShouldContain("\"observe\"");
        await nobody.ShouldBeProblemAsync(HttpStatusCode.NotFound, "job-not-found");
    }

    [Fact]
    public async Task A_picture_that_has_not_changed_is_not_sent_again()
    {
        var job = await service.PlayedJobAsync();
        using var first = await service.Client.GetAsync($"{job.Links.Self}/plots/beta-accuracy.json");
        using var request = new HttpRequestMessage(HttpMethod.Get, first.RequestMessage!.RequestUri) { Headers = { IfNoneMatch = { first.Headers.ETag! } } };

        using var second = await service.Client.SendAsync(request);

        second.StatusCode.ShouldBe(HttpStatusCode.NotModified);
    }
}
