using System.Net;
using System.Text;
using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Evaluation.Experiments;
using NeuralCapacitance.Evaluation.Rankings;
using NeuralCapacitance.Evaluation.Tasks;

namespace NeuralCapacitance.Evaluation.Tests.Experiments;

public sealed class RecordedJobsTests
{
    private const string Job = """
        { "id": "1", "name": "birds", "spec": { "dataset": { "name": "birds" }, "training": { "repeats": 2, "trainLimit": 500 },
          "candidates": [{ "name": "sound", "backbone": "resnet8", "weights": "file:x" }], "selection": { "mode": "full" } } }
        """;

    private static readonly Dictionary<string, string> Answers = new(StringComparer.Ordinal)
    {
        ["/api/v1/jobs?state=succeeded"] = """{ "items": [{ "id": "2", "name": "early", "spec": { "selection": { "mode": "early" } } }], "nextCursor": "next page" }""",
        ["/api/v1/jobs?state=succeeded&cursor=next%20page"] = $$"""{ "items": [{{Job}}], "nextCursor": null }""",
        ["/api/v1/jobs/1/trials"] = """
            { "items": [{ "candidate": "sound", "repeat": 0 }, { "candidate": "sound", "repeat": 1, "scores": [{ "name": "logme", "value": 0.7, "reason": null }] }] }
            """,
        ["/api/v1/jobs/1/observations?after=0"] = $$"""{ "items": [{{Observations()}}], "nextAfter": null }""",
    };

    [Fact]
    public async Task Finished_full_jobs_are_tasks_and_their_repeats_runs()
    {
        using var http = new HttpClient(new Canned()) { BaseAddress = new Uri("http://service/") };

        var runs = await new RecordedJobs(new Service(http, _ => { })).ReadAsync([], TaskBook.Empty, ScoreTable.Empty, CancellationToken.None);

        runs.Select(r => r.Name).ShouldBe(["birds-r0", "birds-r1"]);
        runs.ShouldAllBe(r => r.Facts == new TaskFacts("birds", 500, "file", """{"name":"birds"}""", false) { Collection = "birds" } && r.Run.Epochs == 2);
        runs[1].Run.Models.Select(m => (m.Model, m.Truth, m.Curves.Kind)).ShouldBe([("sound", 0.6, "resnet8@file")]); // what failed has no true accuracy
        runs.Select(r => r.Run.Models[0].Curves.Scores.GetValueOrDefault("logme")).ShouldBe([null, new ScoreValue(0.7, null)]);
    }

    private static string Observations() => string.Join(
        ',',
        from repeat in new[] { 0, 1 }
        from candidate in new[] { "sound", "failed" }
        from epoch in candidate == "failed" ? [1] : new[] { 1, 2 }
        select FormattableString.Invariant($$"""
            { "candidate": "{{candidate}}", "repeat": {{repeat}}, "epoch": {{epoch}}, "validationAccuracy": 0.5, "testAccuracy": {{(epoch == 2 ? "0.6" : "null")}},
              "trainAccuracy": 0.5, "trainLoss": 1, "betaEff": 0.1, "trainSeconds": 1, "betaSeconds": 0.1, "validationCount": 100 }
            """));

    private sealed class Canned : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
            => Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(Answers[request.RequestUri!.PathAndQuery], Encoding.UTF8, "application/json") });
    }
}
