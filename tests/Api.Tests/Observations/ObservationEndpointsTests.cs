using System.Globalization;
using System.Net;
using System.Text.Json;
using NeuralCapacitance.Api.Jobs;
using NeuralCapacitance.Api.Observations;
using NeuralCapacitance.Api.Trials;
using NeuralCapacitance.Domain.Trials;

namespace NeuralCapacitance.Api.Tests.Observations;

[Collection(ServiceCollectionDefinition.Name)]
public sealed class ObservationEndpointsTests(ServiceFixture service)
{
    [Fact]
    public async Task Trials_are_listed_in_the_order_of_the_candidates()
    {
        var job = await service.PlayedJobAsync();

        var trials = (await service.GetAsync<TrialList>(job.Links.Trials)).Items;

        trials.Select(trial => trial.Candidate).ShouldBe(["resnet8", "cnn, \"small\""]);
        trials.ShouldAllBe(trial => trial.State == TrialState.Succeeded && trial.EpochsDone == 6 && trial.EpochsTarget == 6 && trial.Device == "cpu");
    }

    [Fact]
    public async Task Pages_of_observations_hold_each_one_once_in_order()
    {
        var job = await service.PlayedJobAsync();

        var all = new List<ObservationResponse>();
        long? after = 0;
        do
        {
            var page = await service.GetAsync<ObservationPage>($"{job.Links.Observations}?limit=5&after={after}");
            all.AddRange(page.Items);
            after = page.NextAfter;
        }
        while (after is not null);

        all.Count.ShouldBe(2 * 7, "epochs 0 to 6 of two trials");
        all.Select(observation => observation.Id).ShouldBeInOrder();
        all.Select(observation => (observation.Candidate, observation.Epoch)).ShouldBeUnique();
    }

    [Fact]
    public async Task A_number_that_is_not_finite_is_null_with_a_reason()
    {
        var job = await service.PlayedJobAsync();

        var first = (await service.GetAsync<JsonElement>($"{job.Links.Observations}?limit=1")).GetProperty("items")[0];

        first.GetProperty("validationLoss").ValueKind.ShouldBe(JsonValueKind.Null);
        first.GetProperty("notFinite").GetProperty("validationLoss").GetString()!.ShouldContain("∞");
        first.GetProperty("trainAccuracy").ValueKind.ShouldBe(JsonValueKind.Null);
        first.GetProperty("notFinite").TryGetProperty("trainAccuracy", out _).ShouldBeFalse("it was not measured before training");
    }

    [Theory]
    [InlineData("?format=csv", null)]
    [InlineData("", "text/csv")]
    public async Task CSV_has_the_same_numbers_as_JSON(string query, string? accept)
    {
        var job = await service.PlayedJobAsync();
        var json = (await service.GetAsync<ObservationPage>(job.Links.Observations)).Items;

        using var request = new HttpRequestMessage(HttpMethod.Get, job.Links.Observations + query);
        if (accept is not null)
        {
            request.Headers.Accept.ParseAdd(accept);
        }

        using var response = await service.Client.SendAsync(request);
        response.Content.Headers.ContentType?.MediaType.ShouldBe("text/csv");
        var lines = (await response.Content.ReadAsStringAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

        var columns = lines[0].Split(',').ToList();
        lines.Length.ShouldBe(1 + json.Count);
        var beta = columns.IndexOf("betaEff");
        lines.Skip(1).Where(line => !line.Contains('"')).Select(line => double.Parse(line.Split(',')[beta], CultureInfo.InvariantCulture))
            .ShouldBe(json.Where(item => item.Candidate == "resnet8").Select(item => item.BetaEff!.Value));
        lines.ShouldContain(line => line.Contains("\"cnn, \"\"small\"\"\"", StringComparison.Ordinal), "quotes and commas are quoted");
    }

    [Fact]
    public async Task CSV_goes_on_after_an_id()
    {
        var job = await service.PlayedJobAsync();
        var all = (await service.GetAsync<ObservationPage>(job.Links.Observations)).Items;

        var text = await service.Client.GetStringAsync($"{job.Links.Csv}&after={all[^2].Id}");

        text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(2, "a header and the last observation");
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("after=first&format=xml", "after format")]
    public async Task Unusable_parameters_are_all_named(string query, string names)
    {
        var job = await service.SubmitAsync();
        using var response = await service.Client.GetAsync($"{job.Links.Observations}?{query}");

        var problem = await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-parameter");
        problem.Paths().Order().ShouldBe(names.Split(' '));
    }
}
