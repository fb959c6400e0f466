using System.Net;
using System.Text;
using NeuralCapacitance.Evaluation.Experiments;
using NeuralCapacitance.Evaluation.Rankings;
using NeuralCapacitance.Evaluation.Tasks;

namespace NeuralCapacitance.Evaluation.Tests.Experiments;

public sealed class RecordedJobsTests
{
    private const string Job = """
        { "id": "1", "name": "birds", "spec": { "dataset": { "name": "birds" }, "training": { "repeats": 2, "trainLimit": 500 },
          "candidates": [{ "weights": "random" }], "selection": { "mode": "full" } } }
        """;

    private static readonly Dictionary<string, string> Answers = new(StringComparer.Ordinal)
    {
        ["/api/v1/jobs?state=succeeded"] = """{ "items": [{ "id": "2", "name": "early", "spec": { "selection": { "mode": "early" } } }], "nextCursor": "next page" }""",
        ["/api/v1/jobs?state=succeeded&cursor=next%20page"] = $$"""{ "items": [{{Job}}], "nextCursor": null }""",
        ["/api/v1/jobs/1/observations?after=0"] = $$"""{ "items": [{{Observations()}}], "nextAfter": null }""",
    };

    [Fact]
    public async Task Finished_full_jobs_are_tasks_and_their_repeats_runs()
    {
        using var http = new HttpClient(new Canned()) { BaseAddress = new Uri("http://service/") };

        var runs = await new RecordedJobs(new Service(http, _ => { })).ReadAsync([], TaskBook.Empty, ScoreTable.Empty, CancellationToken.None);

        runs.Select(r => r.Name).ShouldBe(["birds-r0", "birds-r1"]);
        runs.ShouldAllBe(r => r.Facts == new TaskFacts("birds", 500, TaskFacts.Scratch, """{"name":"birds"}""", false) && r.Run.Epochs == 2);
        runs[1].Run.Models.Select(m => (m.Model, m.Truth)).ShouldBe([("sound", 0.6)]); // what failed has no true accuracy
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
