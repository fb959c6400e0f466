using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using NeuralCapacitance.Api.Jobs;
using NeuralCapacitance.Api.Rankings;
using NeuralCapacitance.Domain.Trials;

namespace NeuralCapacitance.Api.Tests.Reports;

[Collection(ServiceCollectionDefinition.Name)]
public sealed partial class ReportEndpointsTests(ServiceFixture service)
{
    private const string Hostile = "<img src=x onerror=alert(1)>|`@all`\u0001*b*</code><script>alert(2)</script>";

    public static TheoryData<string> Plots => ["curves", "beta", "ranking", "beta-accuracy"];

    [Fact]
    public async Task The_report_stands_alone()
    {
        var job = await service.PlayedJobAsync();

        using var response = await service.Client.GetAsync(job.Links.Report);
        var html = await response.Content.ReadAsStringAsync();

        response.Content.Headers.ContentType!.ToString().ShouldBe("text/html; charset=utf-8");
        html.ShouldContain(WebUtility.HtmlEncode(job.Answer!.Sentence.Split('`')[2]), customMessage: "the answer is the first line");
        foreach (var section in new[] { "The data set", "The ranking", "How sure is it?", "The curves", "what was saved", "To repeat it", "What the numbers come from" }) html.ShouldContain(section);
        References().Matches(html).Select(m => m.Groups["to"].Value).ShouldAllBe(to => to.StartsWith("data:image/", StringComparison.Ordinal), "nothing is fetched");
        html.ShouldNotContain("<script");
        Regex.Count(html, "data:image/svg").ShouldBe(4, "curves, β_eff, ranking, accuracy against β_eff");
        Regex.Count(html, "data:image/jpeg").ShouldBe(4, "a row for each class of the generated images");
        html.Length.ShouldBeLessThan(1_000_000);
    }

    [Fact]
    public async Task Its_policy_lets_a_browser_use_its_own_styles_and_nothing_else()
    {
        var job = await service.PlayedJobAsync();

        using var response = await service.Client.GetAsync(job.Links.Report);
        var html = await response.Content.ReadAsStringAsync();

        var policy = response.Headers.GetValues("Content-Security-Policy").ShouldHaveSingleItem();
        policy.ShouldContain("default-src 'none'");
        policy.ShouldContain("frame-ancestors 'none'");
        policy.ShouldNotContain("script-src");
        policy.ShouldNotContain("unsafe");
        var styles = html.Split("<style>")[1].Split("</style>")[0];
        policy.ShouldContain($"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(styles)))}'");
        html.ShouldNotContain(" style=", customMessage: "the policy would refuse it");
        html.ShouldContain("http-equiv=\"Content-Security-Policy\"");
    }

    [Fact]
    public async Task Its_numbers_are_those_of_the_ranking()
    {
        var job = await service.PlayedJobAsync();
        var ranking = await service.GetAsync<RankingResponse>(job.Links.Ranking);

        var html = WebUtility.HtmlDecode(await service.Client.GetStringAsync(job.Links.Report));

        foreach (var candidate in ranking.Candidates)
        {
            html.ShouldContain(FormattableString.Invariant($"{100 * candidate.PredictedAccuracy:0.0} %"));
            html.ShouldContain(FormattableString.Invariant($"{100 * candidate.SeenInWindow:0.0} %"));
            html.ShouldContain(FormattableString.Invariant($"{100 * candidate.FinalAccuracy:0.0} %"));
        }

        html.ShouldContain("Seen, epoch 5");
        html.ShouldContain($"Final accuracy is {ranking.FinalAccuracyMeaning}.");
    }

    [Theory]
    [InlineData("/report")]
    [InlineData("/report.md")]
    [InlineData("/plots/curves.png")]
    public async Task Who_has_the_version_is_told_that_nothing_has_changed(string below)
    {
        var job = await service.PlayedJobAsync();
        using var first = await service.Client.GetAsync(job.Links.Self + below);
        using var request = new HttpRequestMessage(HttpMethod.Get, job.Links.Self + below) { Headers = { IfNoneMatch = { first.Headers.ETag.ShouldNotBeNull() } } };

        using var second = await service.Client.SendAsync(request);

        second.StatusCode.ShouldBe(HttpStatusCode.NotModified);
    }

    [Theory, MemberData(nameof(Plots))]
    public async Task A_plot_is_an_SVG_or_PNG_file(string name)
    {
        var job = await service.PlayedJobAsync();

        using var svg = await service.Client.GetAsync($"{job.Links.Self}/plots/{name}.svg");
        using var png = await service.Client.GetAsync($"{job.Links.Self}/plots/{name}.png");

        svg.Content.Headers.ContentType!.MediaType.ShouldBe("image/svg+xml");
        var root = XDocument.Parse(await svg.Content.ReadAsStringAsync()).Root!;
        root.Name.LocalName.ShouldBe("svg");
        root.Descendants().Count().ShouldBeGreaterThan(10);
        Text(root).ShouldContain(name == "ranking" ? "1. resnet8" : "resnet8");
        root.Descendants().Attributes("font-family").Select(a => a.Value).Distinct().ShouldBe(["DejaVu Sans, Verdana, sans-serif"]);
        png.Content.Headers.ContentType!.MediaType.ShouldBe("image/png");
        (await png.Content.ReadAsByteArrayAsync()).Take(4).ShouldBe([0x89, (byte)'P', (byte)'N', (byte)'G']);
    }

    [Theory]
    [InlineData("shared-slope", "Lines are those that")]
    [InlineData("neural-capacitance-per-candidate", "Lines are those that")]
    [InlineData("last-seen", "fits no line")]
    public async Task The_papers_picture_says_whether_there_is_a_line(string predictor, string said)
    {
        var spec = ServiceFixture.Spec(priority: 100, name: predictor).Replace("\"mode\":", $"\"predictor\":\"{predictor}\",\"mode\":", StringComparison.Ordinal);
        var job = await PlayAsync(await service.SubmitAsync(spec), 6);

        (await service.Client.GetStringAsync(job.Links.Report)).ShouldContain(said);
        XDocument.Parse(await service.Client.GetStringAsync($"{job.Links.Self}/plots/beta-accuracy.svg")).Root!.Descendants().Count().ShouldBeGreaterThan(10);
    }

    [Fact]
    public async Task A_name_that_would_do_harm_does_none()
    {
        var job = await PlayAsync(await service.SubmitAsync(HostileSpec()), 6);

        var html = await service.Client.GetStringAsync(job.Links.Report);
        var svg = await service.Client.GetStringAsync($"{job.Links.Self}/plots/ranking.svg");

        html.ShouldNotContain("<img src=x");
        html.ShouldNotContain("<script");
        html.ShouldContain("&lt;img src=x");
        html.ShouldNotContain("\u0001");
        // HTML is no XML, but this report's tags are balanced and its text is escaped, so that it can be read as such.
        XDocument.Parse(VoidTags().Replace(html.Replace("<!doctype html>", "", StringComparison.Ordinal), "<${tag}/>")).Descendants("script").ShouldBeEmpty();
        XDocument.Parse(svg).Descendants().ShouldNotContain(e => e.Name.LocalName == "script" || e.Name.LocalName == "img");
    }

    [Fact]
    public async Task An_unknown_plot_is_told_what_there_is()
    {
        var job = await service.PlayedJobAsync();

        using var response = await service.Client.GetAsync($"{job.Links.Self}/plots/pie.svg");

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadAsStringAsync()).ShouldContain("beta-accuracy.png");
    }

    [Theory]
    [InlineData("report")]
    [InlineData("report.md")]
    [InlineData("plots/curves.svg")]
    public async Task A_job_that_does_not_exist_has_no_report(string below)
    {
        using var response = await service.Client.GetAsync($"/api/v1/jobs/{Guid.NewGuid()}/{below}");

        await response.ShouldBeProblemAsync(HttpStatusCode.NotFound, "job-not-found");
    }

    [Theory]
    [InlineData("race", "no race")]
    [InlineData("curves", "Nothing has been observed yet")]
    [InlineData("ranking", "No candidate has a predicted accuracy")]
    public async Task What_is_not_there_is_said_and_not_drawn_empty(string plot, string reason)
    {
        var job = await service.SubmitAsync();

        using var response = await service.Client.GetAsync($"{job.Links.Self}/plots/{plot}.svg");
        var html = WebUtility.HtmlDecode(await service.Client.GetStringAsync(job.Links.Report));

        await response.ShouldBeProblemAsync(HttpStatusCode.NotFound, "nothing-to-plot");
        (await response.Content.ReadAsStringAsync()).ShouldContain(reason);
        response.Headers.ETag.ShouldBeNull();
        html.ShouldContain("No answer yet: no worker has taken the job.");
        html.ShouldContain("No trial has begun yet.");
        html.ShouldNotContain("data:image/svg");
        await CancelAsync(job);
    }

    [Fact]
    public async Task A_running_job_reports_what_is_known()
    {
        var job = await service.SubmitAsync(ServiceFixture.Spec(priority: 100));
        var claimed = await service.ClaimAsync(job);
        await service.ObserveAsync(claimed, 0, 5);

        var html = WebUtility.HtmlDecode(await service.Client.GetStringAsync(job.Links.Report));

        html.ShouldContain("No answer yet: 5 of 12 epochs are trained; so far ");
        html.ShouldContain("this is what is known at version ");
        html.ShouldContain("What is saved can be said when trials have ended.");
        await CancelAsync(job);
        await service.Trials.ReleaseAsync(claimed.Lease, default);
    }

    [Fact]
    public async Task A_cancelled_and_a_failed_job_say_so()
    {
        var cancelled = await service.SubmitAsync();
        await CancelAsync(cancelled);
        var failed = await service.SubmitAsync(ServiceFixture.Spec(priority: 100));
        for (var trial = 0; trial < failed.Progress.Trials; trial++)
        {
            var claimed = await service.ClaimAsync(failed);
            await service.Trials.FailAsync(claimed.Lease, new Failure("diverged", "The loss of epoch 1 is not finite; lower the learning rate."), default);
        }

        WebUtility.HtmlDecode(await service.Client.GetStringAsync(cancelled.Links.Report)).ShouldContain("No answer: the job was cancelled before its first epoch.");
        var html = WebUtility.HtmlDecode(await service.Client.GetStringAsync(failed.Links.Report));
        html.ShouldContain("No answer: all 2 candidates failed.");
        html.ShouldContain("seed 1, failed after 0 epochs: The loss of epoch 1 is not finite; lower the learning rate.");
    }

    [Fact]
    public async Task A_race_shows_who_was_dropped_when()
    {
        var job = await service.RaceAsync(await service.SubmitAsync(ServiceFixture.Spec(priority: 100, epochs: 12, mode: "race")));

        var html = WebUtility.HtmlDecode(await service.Client.GetStringAsync(job.Links.Report));
        var svg = XDocument.Parse(await service.Client.GetStringAsync($"{job.Links.Self}/plots/race.svg"));

        html.ShouldContain("The race");
        html.ShouldContain("has won");
        Text(svg.Root!).ShouldContain("has won: P(best)");
        html.ShouldContain($"{job.Race!.EpochsSaved} epochs more");
    }

    [Fact]
    public async Task A_finalization_reports_what_its_model_reaches_and_ranks_nobody()
    {
        var job = await service.PlayedJobAsync();
        using var accepted = await service.PostAsync($"{job.Links.Self}/finalize", """{ "epochs": 2 }""");
        accepted.StatusCode.ShouldBe(HttpStatusCode.Accepted, await accepted.Content.ReadAsStringAsync());
        var finalization = JsonSerializer.Deserialize<JobResponse>(await accepted.Content.ReadAsStringAsync(), ServiceFixture.Json)!;
        await PlayAsync(finalization, 2);

        var html = WebUtility.HtmlDecode(await service.Client.GetStringAsync(finalization.Links.Report));

        html.ShouldContain("is trained to the end: ");
        html.ShouldContain($"finalization of {job.Id}");
        html.ShouldNotContain("The ranking");
    }

    internal static string HostileSpec() => JsonSerializer.Serialize(new
    {
        name = Hostile,
        priority = 100,
        dataset = new { name = "synthetic", synthetic = new { classes = 4, trainImages = 400, testImages = 100 } },
        candidates = new object[] { new { backbone = "resnet8", name = Hostile }, "cnn-small" },
        training = new { epochs = 6, validation = 0.25 },
        selection = new { observe = 5, mode = "full" },
    });

    /// <summary>To the end; the job is served before all others.</summary>
    private async Task<JobResponse> PlayAsync(JobResponse job, int epochs)
    {
        for (var trial = 0; trial < job.Progress.Trials; trial++)
        {
            var claimed = await service.ClaimAsync(job);
            await service.ObserveAsync(claimed, 0, epochs);
            await service.Trials.SucceedAsync(claimed.Lease, weightsPath: null, CancellationToken.None);
        }

        return await service.GetAsync<JobResponse>(job.Links.Self);
    }

    private async Task CancelAsync(JobResponse job) => (await service.PostAsync(job.Links.Cancel, "")).Dispose();

    private static string Text(XElement svg) => string.Join('\n', svg.Descendants().Where(e => e.Name.LocalName == "text").Select(e => e.Value.Trim()));

    [GeneratedRegex("(?:src|href)=\"(?<to>[^\"]*)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex References();

    [GeneratedRegex("<(?<tag>(?:meta|img)\\b[^>]*)>", RegexOptions.ExplicitCapture)]
    private static partial Regex VoidTags();
}
