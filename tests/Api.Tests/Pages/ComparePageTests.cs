using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using NeuralCapacitance.Api.Jobs;

namespace NeuralCapacitance.Api.Tests.Pages;

/// <summary>Jobs beside each other.</summary>
[Collection(PagesCollectionDefinition.Name)]
public sealed class ComparePageTests(ServiceFixture service) : InBrowser
{
    private readonly string _mark = Guid.NewGuid().ToString("N")[..8];

    [ChromiumFact]
    public async Task Two_jobs_stand_beside_each_other_with_their_answers_their_candidates_and_marked_differences()
    {
        var first = await PlayAsync("first", ["resnet8", "cnn-small"], epochs: 6);
        var second = await PlayAsync("second", ["resnet8", "resnet14"], epochs: 8, optimizer: "sgd");
        var page = await OpenAsync($"#/?name={_mark}");
        await page.GetByRole(AriaRole.Checkbox, new() { Name = $"Select {_mark} first to compare" }).CheckAsync();
        await page.GetByRole(AriaRole.Checkbox, new() { Name = $"Select {_mark} second to compare" }).CheckAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Compare", Exact = true }).ClickAsync();

        await Assertions.Expect(page).ToHaveURLAsync(new Regex($"#/compare\\?jobs={first.Id},{second.Id}$"));
        foreach (var (job, label) in new[] { (first, "first"), (second, "second") })
        {
            var sentence = (await service.GetAsync<JobResponse>(job.Links.Self)).Answer.ShouldNotBeNull().Sentence;
            var card = page.GetByRole(AriaRole.Region, new() { Name = $"{_mark} {label}", Exact = true });
            await Assertions.Expect(card).ToContainTextAsync(sentence.Replace("`", "", StringComparison.Ordinal));
            await Assertions.Expect(card.GetByRole(AriaRole.Link, new() { Name = "Run again with …" })).ToHaveAttributeAsync("href", $"#/new?from={job.Id}");
        }

        var candidates = page.GetByRole(AriaRole.Region, new() { Name = "Candidates", Exact = true }).GetByRole(AriaRole.Table);
        await Assertions.Expect(candidates.Locator("tbody th")).ToHaveTextAsync(["resnet8", "cnn-small", "resnet14"]);
        var shared = candidates.Locator("tbody tr").Nth(0).Locator("td");
        await Assertions.Expect(shared).ToHaveTextAsync([new Regex("^rank 1 of 2predicted .* %.*\\(.* – .*\\)last seen .* %final .* %$"), new Regex("^rank 1 of 2predicted .*last seen .*final ")]);
        await Assertions.Expect(candidates.Locator("tbody tr").Nth(1).Locator("td").Nth(1)).ToHaveTextAsync("not in this job");
        await Assertions.Expect(candidates.Locator("tbody tr").Nth(2).Locator("td").Nth(0)).ToHaveTextAsync("not in this job");

        var settings = page.GetByRole(AriaRole.Region, new() { Name = "Settings", Exact = true });
        var different = settings.GetByRole(AriaRole.Region, new() { Name = "Settings that differ, table" }).Locator("tbody tr");
        await Assertions.Expect(different).ToHaveTextAsync(
        [
            "training.epochs68", "training.optimizeradamsgd", "candidates.cnn-smallcnn-small, randomnot set", "candidates.resnet14–resnet14, random",
        ]);
        await Assertions.Expect(different.Locator("mark")).ToHaveTextAsync(["8", "sgd", "not set", "resnet14, random"]);
        var same = settings.GetByText("training.batchSize");
        await Assertions.Expect(same).ToBeHiddenAsync();
        await settings.GetByText("settings are the same").ClickAsync();
        await Assertions.Expect(same).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("Not comparable")).ToHaveCountAsync(0);
        (await page.GetByRole(AriaRole.Main).InnerTextAsync()).ShouldNotContain("null", Case.Sensitive);
        Browser.Faults.ShouldBeEmpty();
    }

    [ChromiumFact]
    public async Task Numbers_of_different_data_are_not_put_into_one_table()
    {
        var small = await SubmitAsync("small", ["resnet8", "cnn-small"], imageSize: 32);
        var large = await SubmitAsync("large", ["resnet8", "cnn-small"], imageSize: 48);
        var more = await SubmitAsync("more", ["resnet8", "cnn-small"], imageSize: 32, classes: 5);

        var page = await OpenAsync($"#/compare?jobs={small.Id},{large.Id},{more.Id}");

        await Assertions.Expect(page.GetByText("Not comparable number by number.")).ToBeVisibleAsync();
        foreach (var data in new[] { "synthetic, 4 classes, 32 px", "synthetic, 4 classes, 48 px", "synthetic, 5 classes, 32 px" })
            await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = $"Candidates on {data}", Exact = true }).Locator("thead th")).ToHaveCountAsync(2);
        await Assertions.Expect(page.Locator("mark")).ToHaveTextAsync(["5", "48"]);
        Browser.Faults.ShouldBeEmpty();
    }

    [ChromiumFact]
    public async Task Jobs_on_images_of_one_digest_are_comparable_wherever_they_lie_and_others_are_not()
    {
        var jobs = new[] { await SubmitAsync("a", ["resnet8", "cnn-small"]), await SubmitAsync("b", ["resnet8", "cnn-small"]) };
        var page = await OpenAsync("#/");
        var hashes = new[] { "11", "22" };
        await page.RouteAsync("**/trials", route => route.FulfillAsync(new()
        {
            ContentType = "application/json",
            Body = JsonSerializer.Serialize(new { items = new[] { new { datasetHash = hashes[route.Request.Url.Contains(jobs[0].Id.ToString(), StringComparison.Ordinal) ? 0 : 1] } } }),
        }));

        await GoAsync(page, $"#/compare?jobs={jobs[0].Id},{jobs[1].Id}");
        await Assertions.Expect(page.GetByText("Not comparable number by number.")).ToBeVisibleAsync();

        hashes[1] = "11";
        await GoAsync(page, $"#/compare?jobs={jobs[1].Id},{jobs[0].Id}");
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Candidates", Exact = true }).Locator("thead th")).ToHaveCountAsync(3);
        Browser.Faults.ShouldBeEmpty();
    }

    [ChromiumFact]
    public async Task Equal_specs_are_said_to_be_equal_and_what_is_not_ranked_yet_says_why()
    {
        var jobs = new[] { await SubmitAsync("a", ["resnet8", "cnn-small"]), await SubmitAsync("b", ["resnet8", "cnn-small"]) };

        var page = await OpenAsync($"#/compare?jobs={jobs[0].Id},{jobs[1].Id}");

        await Assertions.Expect(page.GetByText("None: the specs are the same but for their labels.")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".side-by-side td").First).ToContainTextAsync(new Regex("no rank.+"));
        Browser.Faults.ShouldBeEmpty();
    }

    [ChromiumFact]
    public async Task What_cannot_be_compared_is_explained()
    {
        var job = await SubmitAsync("alone", ["resnet8", "cnn-small"]);
        var page = await OpenAsync("#/compare");
        var five = string.Join(',', Enumerable.Range(0, 5).Select(_ => Guid.NewGuid()));
        foreach (var (query, message) in new[]
        {
            ("", "It takes at least 2 different jobs to compare; the address names none."),
            ($"?jobs={job.Id},{job.Id}", "It takes at least 2 different jobs to compare; the address names one."),
            ($"?jobs={five}", "At most 4 jobs can be compared; the address names 5."),
            ($"?jobs={job.Id},seven", "“seven” is no id of a job."),
            ("?jobs=six,seven", "“six” and “seven” are no ids of jobs."),
        })
        {
            await GoAsync(page, $"#/compare{query}");
            await Assertions.Expect(page.GetByRole(AriaRole.Main)).ToContainTextAsync(message);
            await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "list of jobs" })).ToHaveAttributeAsync("href", "#/");
        }

        Browser.Faults.ShouldBeEmpty();
    }

    [ChromiumFact]
    public async Task A_job_that_is_gone_is_named_and_the_others_are_compared()
    {
        var jobs = new[] { await SubmitAsync("a", ["resnet8", "cnn-small"]), await SubmitAsync("b", ["resnet8", "cnn-small"]) };
        var gone = Guid.NewGuid();

        var page = await OpenAsync($"#/compare?jobs={jobs[0].Id},{gone},{jobs[1].Id}");
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync($"There is no job {gone}.");
        await Assertions.Expect(page.Locator(".answers h2")).ToHaveTextAsync([$"{_mark} a", $"{_mark} b"]);

        await GoAsync(page, $"#/compare?jobs={jobs[0].Id},{gone}");
        await Assertions.Expect(page.Locator(".answers")).ToHaveCountAsync(0);
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync($"There is no job {gone}.");
        await Assertions.Expect(page.GetByRole(AriaRole.Main)).ToContainTextAsync("It takes at least 2 jobs to compare.");
    }

    [ChromiumFact]
    public async Task A_job_whose_ranking_cannot_be_had_says_so_beside_the_others()
    {
        var jobs = new[] { await SubmitAsync("a", ["resnet8", "cnn-small"]), await SubmitAsync("b", ["resnet8", "cnn-small"]) };
        var page = await OpenAsync("#/");
        await page.RouteAsync($"**/jobs/{jobs[1].Id}/ranking", route => route.FulfillAsync(new() { Status = 503, ContentType = "application/problem+json", Body = """{ "title": "Busy", "detail": "Too many rankings are being computed." }""" }));

        await GoAsync(page, $"#/compare?jobs={jobs[0].Id},{jobs[1].Id}");

        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = $"{_mark} b", Exact = true })).ToContainTextAsync("There is no ranking now: Too many rankings are being computed.");
        await Assertions.Expect(page.Locator(".side-by-side").First.Locator("tbody tr").First.Locator("td")).ToHaveTextAsync([new Regex("^no rank"), new Regex("^no ranking$")]);
    }

    [ChromiumFact]
    public async Task The_comparison_has_no_serious_fault_of_accessibility_and_fits_a_telephone()
    {
        var jobs = new List<JobResponse>();
        for (var i = 0; i < 4; i++) jobs.Add(await SubmitAsync($"job {i} with a label that is not so short", ["resnet8", "cnn-small"], imageSize: i == 3 ? 48 : 32));
        var page = await OpenAsync($"#/compare?jobs={string.Join(',', jobs.Select(job => job.Id))}");
        await page.Locator(".side-by-side").First.WaitForAsync();
        await page.GetByText("settings are the same").ClickAsync();
        await page.ShouldBeReadableAsync(ColorScheme.Light, ColorScheme.Dark);

        Browser.Faults.ShouldBeEmpty();
    }

    private async Task<JobResponse> PlayAsync(string label, string[] candidates, int epochs, string optimizer = "adam")
    {
        var job = await SubmitAsync(label, candidates, epochs, optimizer, priority: 100);
        for (var trial = 0; trial < job.Progress.Trials; trial++)
        {
            var claimed = await service.ClaimAsync(job);
            await service.ObserveAsync(claimed, 0, epochs);
            await service.Trials.SucceedAsync(claimed.Lease, weightsPath: null, CancellationToken.None);
        }

        return await service.GetAsync<JobResponse>(job.Links.Self);
    }

    private Task<JobResponse> SubmitAsync(string label, string[] candidates, int epochs = 6, string optimizer = "adam", int imageSize = 32, int classes = 4, int priority = 0)
        => service.SubmitAsync(JsonSerializer.Serialize(new
        {
            name = $"{_mark} {label}",
            priority,
            dataset = new { name = "synthetic", synthetic = new { classes, trainImages = 400, testImages = 100 } },
            candidates,
            training = new { epochs, optimizer, imageSize, validation = 0.25 },
            selection = new { observe = 5, mode = "full" },
        }));

    private static Task GoAsync(IPage page, string fragment) => page.EvaluateAsync("fragment => { location.hash = fragment; }", fragment);

    private Task<IPage> OpenAsync(string fragment) => Browser.OpenAsync(new($"{service.Address}{fragment}"));
}
