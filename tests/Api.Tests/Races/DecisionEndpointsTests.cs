using System.Net;
using System.Text.Json;
using NeuralCapacitance.Api.Jobs;
using NeuralCapacitance.Api.Races;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Races;
using NeuralCapacitance.Domain.Trials;

namespace NeuralCapacitance.Api.Tests.Races;

[Collection(ServiceCollectionDefinition.Name)]
public sealed class DecisionEndpointsTests(ServiceFixture service)
{
    [Fact]
    public async Task A_race_says_who_is_left_and_what_it_has_saved()
    {
        var submitted = await service.SubmitAsync(ServiceFixture.Spec(priority: 100, epochs: 20, mode: "race"));
        submitted.Race.ShouldNotBeNull().Round.ShouldBe(0);
        submitted.Race!.Remaining.ShouldBe(["resnet8", "cnn, \"small\""]);
        submitted.Progress.Epochs.ShouldBe(40, "nobody may be dropped");
        submitted.Spec.Selection.Race.ShouldBe(new RaceSpec());

        var job = await service.RaceAsync(submitted);

        job.State.ShouldBe(JobState.Succeeded);
        var race = job.Race.ShouldNotBeNull();
        race.IsOver.ShouldBeTrue();
        race.Winner.ShouldBe("resnet8");
        race.Leader.ShouldBe("resnet8");
        race.Round.ShouldBeInRange(5, 20);
        race.LastRound.ShouldBe(20);
        (race.EpochsTrained + race.EpochsSaved).ShouldBe(40);
        race.EpochsTrained.ShouldBe(job.Progress.EpochsDone);
        race.SecondsSaved.ShouldBeGreaterThanOrEqualTo(0);
        job.Progress.Fraction.ShouldBe(1);
    }

    [Fact]
    public async Task Decisions_come_in_pages_with_their_numbers()
    {
        var job = await service.RaceAsync(await service.SubmitAsync(ServiceFixture.Spec(priority: 100, epochs: 20, mode: "race")));

        var all = (await service.GetAsync<DecisionPage>(job.Links.Decisions)).Items;
        all.Select(d => (d.Round, d.Candidate, d.Action)).ShouldBeUnique();
        all.ShouldAllBe(d => d.ProbabilityBest >= 0 && d.PredictedAccuracy >= 0 && d.ExpectedRegret >= 0 && d.Reason.Length > 0 && d.Repeat == null);
        all.Single(d => d is { Action: RaceAction.Stopped, IsLeader: true }).Candidate.ShouldBe("resnet8");

        var first = await service.GetAsync<DecisionPage>($"{job.Links.Decisions}?limit=1");
        first.NextAfter.ShouldBe(all[0].Id);
        (await service.GetAsync<DecisionPage>($"{job.Links.Decisions}?after={first.NextAfter}")).Items.ShouldBe(all.Skip(1));
    }

    [Fact]
    public async Task Decisions_that_the_client_has_are_not_sent_again()
    {
        var job = await service.RaceAsync(await service.SubmitAsync(ServiceFixture.Spec(priority: 100, epochs: 20, mode: "race")));
        using var request = new HttpRequestMessage(HttpMethod.Get, job.Links.Decisions);
        request.Headers.TryAddWithoutValidation("If-None-Match", $"W/\"{job.Version}\"");

        using var response = await service.Client.SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.NotModified);
    }

    [Fact]
    public async Task A_job_of_another_mode_has_no_decisions_and_no_race()
    {
        var job = await service.PlayedJobAsync();

        (await service.GetAsync<DecisionPage>(job.Links.Decisions)).Items.ShouldBeEmpty();
        job.Race.ShouldBeNull();
        (await service.GetAsync<JsonElement>(job.Links.Self)).GetProperty("spec").GetProperty("selection").TryGetProperty("race", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task A_bad_page_size_and_an_unknown_job_are_told()
    {
        var job = await service.SubmitAsync();
        using var bad = await service.Client.GetAsync($"{job.Links.Decisions}?limit=0");
        await bad.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-parameter");
        using var unknown = await service.Client.GetAsync($"/api/v1/jobs/{Guid.NewGuid()}/decisions");
        await unknown.ShouldBeProblemAsync(HttpStatusCode.NotFound, "job-not-found");
    }

    [Fact]
    public async Task A_race_is_ranked_by_all_that_its_last_round_looked_at()
    {
        var job = await service.RaceAsync(await service.SubmitAsync(ServiceFixture.Spec(priority: 100, epochs: 20, mode: "race")));

        var window = (await service.GetAsync<JsonElement>(job.Links.Ranking)).GetProperty("window");

        window.GetProperty("lastEpoch").GetInt32().ShouldBe(job.Race!.Round);
    }
}
