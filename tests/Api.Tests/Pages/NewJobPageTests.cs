using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using NeuralCapacitance.Api.Jobs;
using NeuralCapacitance.Api.Tests.Datasets;
using NeuralCapacitance.Domain.Backbones;
using NeuralCapacitance.Domain.Estimates;
using NeuralCapacitance.Domain.Jobs;

namespace NeuralCapacitance.Api.Tests.Pages;

/// <summary>A job is composed in the page.</summary>
[Collection(PagesCollectionDefinition.Name)]
public sealed class NewJobPageTests(ServiceFixture service) : InBrowser
{
    private const string Small = """{ "dataset": { "name": "synthetic" }, "candidates": ["resnet8", "cnn-small"], "training": { "epochs": 5 } }""";

    private IPage _page = null!;

    private ILocator Text => _page.GetByLabel("Job spec (JSON)");

    private ILocator Candidates => _page.GetByRole(AriaRole.Region, new() { Name = "Candidates" });

    [ChromiumFact]
    public async Task Backbones_are_found_by_typing_and_the_focus_stays_where_it_is()
    {
        await OpenAsync(Small);
        var search = Candidates.GetByLabel("Search");

        await search.PressSequentiallyAsync("resnet 50");

        await Assertions.Expect(search).ToBeFocusedAsync();
        await Assertions.Expect(Candidates.GetByRole(AriaRole.Checkbox)).ToHaveCountAsync(2);
        await Assertions.Expect(Status).ToHaveTextAsync("2 backbones found");
        await Box("resnet50").CheckAsync();
        await Assertions.Expect(Box("resnet50")).ToBeFocusedAsync();
        (await SpecAsync()).GetProperty("candidates").GetRawText().ShouldContain("\"resnet50\"");
        await search.FillAsync("");
        await Assertions.Expect(Box("resnet8")).ToBeVisibleAsync();
        await Assertions.Expect(Box("resnet50v2")).ToBeHiddenAsync();
        Browser.Faults.ShouldBeEmpty();
    }

    [ChromiumFact]
    public async Task Families_fold_tell_how_many_are_chosen_and_are_taken_whole_or_not_at_all()
    {
        await OpenAsync("""{ "dataset": { "name": "synthetic" }, "candidates": ["cnn-small", { "backbone": "vgg16", "weights": "random", "name": "mine" }] }""");
        var family = _page.GetByRole(AriaRole.Region, new() { Name = "Family vgg" });
        var fold = family.GetByRole(AriaRole.Button, new() { Name = "vgg", Exact = true });
        await Assertions.Expect(fold).ToHaveAttributeAsync("aria-expanded", "true");
        await Assertions.Expect(_page.GetByRole(AriaRole.Button, new() { Name = "xception", Exact = true })).ToHaveAttributeAsync("aria-expanded", "false");
        var all = await family.GetByRole(AriaRole.Checkbox).CountAsync();
        await Assertions.Expect(family).ToContainTextAsync($"1 of {all}");

        await family.GetByRole(AriaRole.Button, new() { Name = "All of vgg" }).ClickAsync();

        await Assertions.Expect(family).ToContainTextAsync($"{all} of {all}");
        await Assertions.Expect(Candidates).ToContainTextAsync($"{all + 1} chosen");
        var chosen = (await SpecAsync()).GetProperty("candidates");
        chosen[1].GetRawText().ShouldContain("mine", customMessage: "what was there stays as it was written");
        await family.GetByRole(AriaRole.Button, new() { Name = "None of vgg" }).ClickAsync();
        (await NamesAsync()).ShouldBe(["cnn-small"]);
        await fold.ClickAsync();
        await Assertions.Expect(family.GetByRole(AriaRole.Checkbox)).ToHaveCountAsync(0);
        Browser.Faults.ShouldBeEmpty();
    }

    [ChromiumFact]
    public async Task Presets_are_the_papers_networks_and_small_ones_for_a_processor()
    {
        await OpenAsync(Small);
        var example = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "paper-cifar10.json"))).RootElement;

        await _page.GetByRole(AriaRole.Button, new() { Name = "The paper’s 17" }).ClickAsync();
        (await NamesAsync()).ShouldBe(example.GetProperty("candidates").EnumerateArray().Select(candidate => candidate.GetProperty("backbone").GetString()!), ignoreOrder: true);

        await _page.GetByRole(AriaRole.Button, new() { Name = "Small, for a CPU" }).ClickAsync();
        var small = await NamesAsync();
        small.ShouldContain("cnn-small");
        small.Length.ShouldBeGreaterThan(10);
        var backbones = await BackbonesAsync();
        small.ShouldAllBe(name => backbones[name].CostClass == CostClass.Cheap && backbones[name].Parameters < 1_000_000);
        await _page.GetByRole(AriaRole.Button, new() { Name = "None", Exact = true }).ClickAsync();
        (await NamesAsync()).ShouldBeEmpty();
    }

    [ChromiumFact]
    public async Task A_cost_class_is_the_services_and_goes_with_the_image_size()
    {
        await OpenAsync(Small);
        await Candidates.GetByLabel("Search").FillAsync("e");
        var backbones = await BackbonesAsync();
        var shown = await Candidates.GetByRole(AriaRole.Checkbox).EvaluateAllAsync<string[]>("boxes => boxes.map(box => box.closest('label').querySelector('.name').textContent + ' ' + box.closest('label').querySelector('.cost').textContent)");

        shown.Length.ShouldBeGreaterThan(30);
        shown.ShouldBe(shown.Select(line => line.Split(' ')[0]).Select(name => $"{name} {backbones[name].CostClass.ToString().ToLowerInvariant()}"));
        await _page.GetByLabel("Image size").FillAsync("224");
        await Assertions.Expect(Candidates.GetByRole(AriaRole.Checkbox, new() { NameRegex = new("^resnet18 .* dear$") })).ToBeVisibleAsync();
        await Assertions.Expect(Candidates).ToContainTextAsync("one image of 224 px: cheap below 50.0 M, medium below 500.0 M, dear above");
    }

    [ChromiumFact]
    public async Task Weights_of_a_candidate_are_chosen_among_published_random_and_a_file()
    {
        service.Write("page-zoo/resnet18.safetensors", WeightsFiles.Safetensors());
        await OpenAsync("""{ "dataset": { "name": "synthetic" }, "candidates": ["resnet18", { "backbone": "resnet8", "name": "mine" }] }""");
        var weights = _page.GetByLabel("Weights of resnet18");
        (await weights.Locator("option").AllInnerTextsAsync()).ShouldBe(["pretrained, not on this node yet", "random", "from a file"]);
        (await _page.GetByLabel("Weights of resnet8").Locator("option").AllInnerTextsAsync()).ShouldBe(["random", "from a file"]);

        await weights.SelectOptionAsync("random");
        JsonSerializer.Serialize((await SpecAsync()).GetProperty("candidates")[0]).ShouldBe("""{"backbone":"resnet18","weights":"random"}""");
        await weights.SelectOptionAsync("file");
        var file = _page.GetByLabel("File of weights for resnet18");
        await Assertions.Expect(file).ToHaveAttributeAsync("aria-invalid", "true");
        await file.FocusAsync();
        await Assertions.Expect(_page.Locator("datalist option[value='page-zoo/resnet18.safetensors']")).ToHaveAttributeAsync("label", "1 KiB");
        await file.FillAsync("page-zoo/resnet18.safetensors");

        (await SpecAsync()).GetProperty("candidates")[0].GetProperty("weights").GetString().ShouldBe("file:page-zoo/resnet18.safetensors");
        await Assertions.Expect(file).ToBeFocusedAsync();
        await weights.SelectOptionAsync("imagenet");
        (await SpecAsync()).GetProperty("candidates")[0].GetString().ShouldBe("resnet18");
        await _page.GetByRole(AriaRole.Button, new() { Name = "resnet18 once more, with other weights" }).ClickAsync();
        (await SpecAsync()).GetProperty("candidates")[2].GetProperty("weights").GetString().ShouldBe("random");
        await _page.GetByRole(AriaRole.Button, new() { Name = "Remove candidate 1 of resnet18" }).ClickAsync();
        (await NamesAsync()).ShouldBe(["resnet8", "resnet18"]);
        await Assertions.Expect(Box("resnet18")).ToBeFocusedAsync();
        Browser.Faults.ShouldBeEmpty();
    }

    [ChromiumFact]
    public async Task What_trials_saved_is_offered_to_their_own_backbone_and_an_incomplete_list_says_so()
    {
        await OpenAsync("""{ "dataset": { "name": "synthetic" }, "candidates": [{ "backbone": "resnet8", "weights": "file:" }, { "backbone": "cnn-small", "weights": "file:" }] }""", page => page.RouteAsync(
            "**/api/v1/weights", route => route.FulfillAsync(new()
            {
                ContentType = "application/json",
                Body = """
                    { "items": [
                        { "weights": "file:zoo/a.pth", "bytes": 2097152, "modifiedAt": "2026-03-01T12:00:00Z", "savedBy": null },
                        { "weights": "file:weights/j/t.safetensors", "bytes": 1048576, "modifiedAt": "2026-03-01T12:00:00Z",
                          "savedBy": { "jobId": "0196f3a2-5b1e-7c44-9d0a-1f2e3d4c5b6a", "jobName": "birds", "candidate": "eight", "backbone": "resnet8", "seed": 3 } }],
                      "more": "there are more than 500 files; a job may name others" }
                    """,
            })));

        await _page.GetByLabel("File of weights for resnet8").FocusAsync();
        await Assertions.Expect(_page.Locator("datalist option")).ToHaveCountAsync(2);
        await Assertions.Expect(_page.Locator("datalist option").Last).ToHaveAttributeAsync("label", "eight of birds, seed 3, 1 MiB");
        await _page.GetByLabel("File of weights for cnn-small").FocusAsync();
        await Assertions.Expect(_page.Locator("datalist option")).ToHaveCountAsync(1);
        await Assertions.Expect(Candidates).ToContainTextAsync("Not all files of weights are listed: there are more than 500 files; a job may name others.");
    }

    [ChromiumFact]
    public async Task What_no_catalogue_lists_is_shown_removed_and_begun_with_an_example()
    {
        await OpenAsync("""{ "dataset": { "name": "synthetic" }, "candidates": ["resnet8", "resnet9000"] }""");

        await Candidates.GetByRole(AriaRole.Button, new() { Name = "Remove resnet9000" }).ClickAsync();
        (await NamesAsync()).ShouldBe(["resnet8"]);
        await Candidates.GetByRole(AriaRole.Button, new() { Name = "Add an example of torchscript to the spec" }).ClickAsync();

        (await NamesAsync()).ShouldBe(["resnet8", "torchscript"]);
        await Assertions.Expect(Text).ToBeFocusedAsync();
        await Assertions.Expect(Candidates.GetByRole(AriaRole.Button, new() { Name = "Remove torchscript" })).ToBeVisibleAsync();
        Browser.Faults.ShouldBeEmpty();
    }

    [ChromiumFact]
    public async Task A_data_set_is_chosen_with_its_picture_its_figures_and_its_problems()
    {
        (await service.UploadAsync("pictured", Pictures.Zip(6, seed: 9))).Dispose();
        await OpenAsync(Small);
        var images = _page.GetByRole(AriaRole.Region, new() { Name = "Images" });
        var picture = images.GetByRole(AriaRole.Img, new() { Name = "Training images of synthetic, a row for each class" });
        await Assertions.Expect(picture).ToHaveJSPropertyAsync("complete", true);

        await images.GetByLabel("Data set").SelectOptionAsync(new SelectOptionValue { Label = "pictured" });

        await Assertions.Expect(images.GetByRole(AriaRole.Img, new() { Name = "Training images of pictured, a row for each class" })).ToHaveJSPropertyAsync("naturalWidth", 530);
        await Assertions.Expect(images).ToContainTextAsync("2 classes");
        await Assertions.Expect(images).ToContainTextAsync("There is no test set: 20 % of each class");
        (await SpecAsync()).GetProperty("dataset").GetRawText().ShouldContain("\"path\": \"pictured\"");
        (await images.GetByRole(AriaRole.Link).GetAttributeAsync("href")).ShouldBe("#/datasets");
        Browser.Faults.ShouldBeEmpty();
    }

    [ChromiumFact]
    public async Task A_data_set_that_is_not_as_listed_says_so_and_one_that_is_not_listed_is_left_alone()
    {
        await OpenAsync("""{ "dataset": { "name": "synthetic", "synthetic": { "classes": 3 } }, "candidates": ["resnet8", "cnn-small"] }""");
        var images = _page.GetByRole(AriaRole.Region, new() { Name = "Images" });
        await Assertions.Expect(images).ToContainTextAsync("The spec takes other classes or numbers than are listed.");

        await Text.FillAsync("""{ "dataset": { "name": "image-folder", "path": "no-such" }, "candidates": ["resnet8", "cnn-small"] }""");

        await Assertions.Expect(images.GetByRole(AriaRole.Img)).ToHaveCountAsync(0);
        await Assertions.Expect(images.GetByLabel("Data set")).ToHaveValueAsync("");
        (await Text.InputValueAsync()).ShouldContain("no-such");
    }

    [ChromiumFact]
    public async Task What_it_would_cost_is_measured_before_anything_is_submitted_and_is_stale_after_a_change()
    {
        await OpenAsync("""
            { "dataset": { "name": "synthetic", "synthetic": { "classes": 4, "trainImages": 400, "testImages": 100 } },
              "candidates": ["resnet8", "resnet18"], "training": { "epochs": 5, "validation": 0.25 } }
            """, page => page.RouteAsync("**/api/v1/jobs?dryRun=true", route => route.FulfillAsync(new() { ContentType = "application/json", Body = JsonSerializer.Serialize(Estimate(), ServiceFixture.Json) })));
        var jobs = (await service.GetAsync<PageResponse<JobResponse>>("/api/v1/jobs?limit=1")).Items.FirstOrDefault()?.Id;
        var button = _page.GetByRole(AriaRole.Button, new() { Name = "What would it cost?" });

        await button.ClickAsync();

        var panel = _page.GetByRole(AriaRole.Region, new() { Name = "What it would cost" });
        var table = panel.GetByRole(AriaRole.Table);
        await Assertions.Expect(table.Locator("tbody tr")).ToHaveCountAsync(3);
        await Assertions.Expect(table.Locator("tbody tr").First).ToContainTextAsync(new System.Text.RegularExpressions.Regex(@"^resnet8[\d.]+ s[\d.]+ s\d+ MiB$"));
        await Assertions.Expect(table.Locator("tbody tr").Nth(1)).ToHaveTextAsync("resnet18@imagenet1.20 s6.00 s477 MiB");
        await Assertions.Expect(table.Locator("tbody tr").Last).ToHaveTextAsync("candidates[1] says no other `weights`. Accepted: the file in its place.Measured with 4 images a step.");
        await Assertions.Expect(table.Locator("tfoot tr")).ToHaveTextAsync("One after the other9 s477 MiB");
        await Assertions.Expect(panel).ToContainTextAsync("the job would be refused");
        await Assertions.Expect(panel).ToContainTextAsync("dataset is absent.");
        await Assertions.Expect(panel).ToContainTextAsync("Few images.");
        await Assertions.Expect(table.Locator("caption")).ToContainTextAsync("300 training, 100 validation, 100 test images; 5 epochs, 1 trial each.");
        await Assertions.Expect(Status).ToContainTextAsync("2 obstacles");
        await Assertions.Expect(button).ToBeFocusedAsync();
        var stale = panel.GetByText("The spec has changed since");
        await Assertions.Expect(stale).ToBeHiddenAsync();
        await _page.GetByLabel("Epochs", new() { Exact = true }).FillAsync("9");
        await Assertions.Expect(stale).ToBeVisibleAsync();
        await _page.GetByLabel("Epochs", new() { Exact = true }).FillAsync("5");
        await Assertions.Expect(stale).ToBeHiddenAsync();
        (await service.GetAsync<PageResponse<JobResponse>>("/api/v1/jobs?limit=1")).Items.FirstOrDefault()?.Id.ShouldBe(jobs!.Value);
        await _page.ShouldBeAccessibleAsync();
        await table.GetByRole(AriaRole.Link, new() { Name = "candidates[1]" }).ClickAsync();
        await Assertions.Expect(Text).ToBeFocusedAsync();
        Browser.Faults.ShouldBeEmpty();
    }

    [ChromiumFact]
    public async Task Measuring_can_be_stopped_and_a_refusal_is_explained()
    {
        await OpenAsync(Small);
        var asked = new TaskCompletionSource();
        await _page.RouteAsync("**/api/v1/jobs?dryRun=true", _ => { asked.TrySetResult(); });
        await _page.GetByRole(AriaRole.Button, new() { Name = "What would it cost?" }).ClickAsync();
        await asked.Task;
        await Assertions.Expect(Status).ToContainTextAsync("Measuring 2 candidates");
        await Assertions.Expect(_page.GetByRole(AriaRole.Progressbar, new() { Name = "Measuring" })).ToBeVisibleAsync();

        await _page.GetByRole(AriaRole.Button, new() { Name = "Stop measuring" }).ClickAsync();

        await Assertions.Expect(Status).ToHaveTextAsync("Measuring was stopped");
        await Assertions.Expect(_page.GetByRole(AriaRole.Region, new() { Name = "What it would cost" })).ToBeHiddenAsync();
        await _page.UnrouteAsync("**/api/v1/jobs?dryRun=true");
        await _page.GetByLabel("Epochs", new() { Exact = true }).FillAsync("0");
        await _page.GetByRole(AriaRole.Button, new() { Name = "What would it cost?" }).ClickAsync();
        await Assertions.Expect(_page.GetByRole(AriaRole.Alert)).ToContainTextAsync("training.epochs");
        await Assertions.Expect(_page.GetByRole(AriaRole.Button, new() { Name = "What would it cost?" })).ToBeVisibleAsync();
    }

    [ChromiumFact]
    public async Task The_text_leads_the_form_and_the_form_writes_the_text()
    {
        await OpenAsync(Small);
        await Text.FillAsync("""{ "name": "typed", "dataset": { "name": "synthetic" }, "candidates": ["vgg16"], "training": { "seed": 7, "optimizer": "sgd" }, "selection": { "mode": "race" } }""");

        await Assertions.Expect(Box("vgg16")).ToBeCheckedAsync();
        await Assertions.Expect(Box("resnet8")).Not.ToBeCheckedAsync();
        await Assertions.Expect(_page.GetByLabel("Mode")).ToHaveValueAsync("race");
        await Assertions.Expect(_page.GetByLabel("Observe")).ToHaveAttributeAsync("placeholder", "2");
        await Assertions.Expect(_page.GetByLabel("Name", new() { Exact = true })).ToHaveValueAsync("typed");
        await _page.GetByText("More settings").ClickAsync();
        await _page.GetByLabel("Learning rate").PressSequentiallyAsync("0.05");
        await _page.GetByLabel("Keep the networks").CheckAsync();
        await _page.GetByLabel("Optimizer").SelectOptionAsync("adamw");

        JsonSerializer.Serialize((await SpecAsync()).GetProperty("training")).ShouldBe("""{"seed":7,"optimizer":"adamw","learningRate":0.05,"saveWeights":true}""");
        await Assertions.Expect(_page.GetByLabel("Weight decay")).ToHaveAttributeAsync("placeholder", "0.01");
        await _page.GetByLabel("Learning rate").FillAsync("");
        (await SpecAsync()).GetProperty("training").TryGetProperty("learningRate", out _).ShouldBeFalse();
        Browser.Faults.ShouldBeEmpty();
    }

    [ChromiumFact]
    public async Task A_text_that_is_not_json_yet_stays_and_the_form_waits()
    {
        await OpenAsync(Small);

        await Text.FillAsync("""{ "dataset": """);

        await Assertions.Expect(_page.GetByText("The text is not JSON yet")).ToBeVisibleAsync();
        await Assertions.Expect(_page.GetByLabel("Epochs", new() { Exact = true })).ToBeDisabledAsync();
        await Assertions.Expect(Text).ToHaveAttributeAsync("aria-invalid", "true");
        (await Text.InputValueAsync()).ShouldBe("""{ "dataset": """);
        foreach (var half in new[] { "[]", "null", "7", """{ "dataset": 1, "candidates": { "a": 1 }, "training": [], "selection": "race" }""", """{ "candidates": [null, 3, {}, { "backbone": 4 }, { "backbone": "resnet8", "weights": 5 }] }""" })
        {
            await Text.FillAsync(half);
        }

        await Text.FillAsync(Small);
        await Assertions.Expect(_page.GetByLabel("Epochs", new() { Exact = true })).ToHaveValueAsync("5");
        Browser.Faults.ShouldBeEmpty();
    }

    [ChromiumFact]
    public async Task What_an_empty_field_stands_for_is_what_the_service_takes()
    {
        var job = await service.SubmitAsync("""{ "dataset": { "name": "synthetic" }, "candidates": ["resnet8", "cnn-small"] }""");
        await OpenAsync("""{ "dataset": { "name": "synthetic" }, "candidates": ["resnet8", "cnn-small"] }""");
        await _page.GetByText("More settings").ClickAsync();
        var (training, chosen) = (job.Spec.Training, job.Spec.Selection);

        foreach (var (label, value) in new (string, object)[]
        {
            ("Epochs", training.Epochs), ("Image size", training.ImageSize), ("Batch size", training.BatchSize), ("Repeats", training.Repeats), ("Observe", chosen.Observe),
            ("Learning rate", training.LearningRate), ("Weight decay", training.WeightDecay), ("Seed", training.Seed), ("Priority", job.Spec.Priority),
        })
        {
            await Assertions.Expect(_page.GetByLabel(label, new() { Exact = true })).ToHaveAttributeAsync("placeholder", FormattableString.Invariant($"{value}"));
        }

        await Assertions.Expect(_page.GetByLabel("Mode")).ToHaveValueAsync(chosen.Mode.ToString().ToLowerInvariant());
        await Assertions.Expect(_page.GetByLabel("Optimizer")).ToHaveValueAsync(training.Optimizer);
    }

    [ChromiumFact]
    public async Task A_job_is_run_again_from_its_own_spec()
    {
        var job = await service.SubmitAsync("""
            { "name": "once", "dataset": { "name": "synthetic", "synthetic": { "classes": 4 } }, "candidates": ["resnet8", { "backbone": "resnet18", "weights": "random" }],
              "training": { "epochs": 12, "saveWeights": true }, "selection": { "mode": "race", "finalize": { "head": "linear" } } }
            """);

        await OpenAsync(null, fragment: $"#/new?from={job.Id}");

        await Assertions.Expect(_page.GetByLabel("Epochs", new() { Exact = true })).ToHaveValueAsync("12");
        await Assertions.Expect(_page.GetByText("The spec of once, with every default filled in.")).ToBeVisibleAsync();
        await Assertions.Expect(_page.GetByRole(AriaRole.Link, new() { Name = "once" })).ToHaveAttributeAsync("href", $"#/jobs/{job.Id}");
        await Assertions.Expect(_page.GetByRole(AriaRole.Link, new() { Name = "New job" })).ToHaveAttributeAsync("aria-current", "page");
        await _page.GetByRole(AriaRole.Button, new() { Name = "Submit job" }).ClickAsync();
        await _page.GetByRole(AriaRole.Heading, new() { Name = "once" }).WaitForAsync();
        var again = await service.GetAsync<JobResponse>($"/api/v1/jobs/{_page.Url[^36..]}");
        again.Id.ShouldNotBe(job.Id);
        JsonSerializer.Serialize(again.Spec, ServiceFixture.Json).ShouldBe(JsonSerializer.Serialize(job.Spec, ServiceFixture.Json));
        Browser.Faults.ShouldBeEmpty();
    }

    [ChromiumFact]
    public async Task A_finalization_is_run_again_from_the_selection_that_it_belongs_to()
    {
        var job = await service.PlayedJobAsync(name: "selected");
        using var made = await service.PostAsync($"/api/v1/jobs/{job.Id}/finalize", "{}");
        var finalization = (await made.Content.ReadFromJsonAsync<JobResponse>(ServiceFixture.Json))!;

        await OpenAsync(null, fragment: $"#/new?from={finalization.Id}");

        await Assertions.Expect(_page.GetByText("The spec of selected")).ToBeVisibleAsync();
        (await NamesAsync()).ShouldBe(["resnet8", "cnn-small"]);
        (await service.PostAsync(finalization.Links.Cancel, "")).Dispose();
    }

    [ChromiumFact]
    public async Task The_example_can_be_begun_on_a_data_set()
    {
        (await service.UploadAsync("begun-on", Pictures.Zip(6, seed: 11))).Dispose();
        await OpenAsync(null, fragment: "#/new?dataset=begun-on");

        await Assertions.Expect(Box("resnet8")).ToBeCheckedAsync();
        var spec = await SpecAsync();
        spec.GetProperty("name").GetString().ShouldBe("begun-on");
        JsonSerializer.Serialize(spec.GetProperty("dataset")).ShouldBe("""{"name":"image-folder","path":"begun-on"}""");
        spec.GetProperty("training").TryGetProperty("trainLimit", out _).ShouldBeFalse();
        await Assertions.Expect(_page.GetByLabel("Data set", new() { Exact = true })).Not.ToHaveValueAsync("");
        Browser.Faults.ShouldBeEmpty();
    }

    [ChromiumFact]
    public async Task A_data_set_that_is_not_there_is_said_and_the_example_serves_instead()
    {
        await OpenAsync(null, fragment: "#/new?dataset=nowhere");

        await Assertions.Expect(_page.GetByRole(AriaRole.Alert)).ToContainTextAsync("nowhere");
        await Assertions.Expect(Box("resnet8")).ToBeCheckedAsync();
    }

    [ChromiumFact]
    public async Task A_job_that_is_not_there_is_said_and_the_example_serves_instead()
    {
        await OpenAsync(null, fragment: $"#/new?from={Guid.NewGuid()}");

        var alert = _page.GetByRole(AriaRole.Alert);
        await Assertions.Expect(alert).ToContainTextAsync("The job to run again cannot be read");
        await Assertions.Expect(alert).ToContainTextAsync("There is no job");
        await Assertions.Expect(alert).ToContainTextAsync("The form holds the example instead.");
        await Assertions.Expect(Box("resnet8")).ToBeCheckedAsync();
    }

    [ChromiumFact]
    public async Task Where_a_part_cannot_be_had_the_others_serve()
    {
        await OpenAsync(Small, page => page.RouteAsync("**/api/v1/weights", route => route.FulfillAsync(new() { Status = 503, ContentType = "application/problem+json", Body = """{ "title": "No weights today" }""" })));

        await Assertions.Expect(_page.GetByRole(AriaRole.Alert)).ToContainTextAsync("No weights today");
        await Assertions.Expect(Box("resnet8")).ToBeCheckedAsync();
        await Assertions.Expect(_page.GetByLabel("Data set")).ToHaveValueAsync(new System.Text.RegularExpressions.Regex(@"^\d+$"));
    }

    [ChromiumFact]
    public async Task A_job_is_composed_measured_and_submitted_with_the_keyboard_alone()
    {
        await OpenAsync(Small, fragment: "");
        await FocusAsync("New job");
        await _page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(Box("resnet8")).ToBeVisibleAsync();
        await FocusAsync("Search");
        await _page.Keyboard.TypeAsync("vgg-small");
        await FocusAsync("vgg-small ");
        await _page.Keyboard.PressAsync("Space");
        await FocusAsync("Epochs");
        await _page.Keyboard.PressAsync("Control+A");
        await _page.Keyboard.TypeAsync("6");
        await FocusAsync("Name");
        await _page.Keyboard.TypeAsync("by keyboard");
        await FocusAsync("Submit job");
        await _page.Keyboard.PressAsync("Enter");

        await _page.GetByRole(AriaRole.Heading, new() { Name = "by keyboard" }).WaitForAsync();
        var job = await service.GetAsync<JobResponse>($"/api/v1/jobs/{_page.Url[^36..]}");
        job.Spec.Candidates.ShouldContain(candidate => candidate.Backbone == "vgg-small");
        job.Spec.Training.Epochs.ShouldBe(6);
        Browser.Faults.ShouldBeEmpty();
    }

    [ChromiumFact]
    public async Task It_fits_a_narrow_screen_and_offends_no_rule_of_accessibility()
    {
        await OpenAsync("""{ "dataset": { "name": "synthetic" }, "candidates": ["resnet18", { "backbone": "resnet8", "weights": "file:a/rather/long/path/of/weights.safetensors" }, "nasbench201:|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_3x3~1|nor_conv_1x1~2|"] }""");
        var folded = Candidates.Locator("[aria-expanded=false]");
        while (await folded.CountAsync() > 0) await folded.First.ClickAsync();
        await _page.GetByText("More settings").ClickAsync();
        await _page.GetByRole(AriaRole.Button, new() { Name = "resnet18 once more, with other weights" }).ClickAsync();
        await _page.ShouldBeAccessibleAsync();
        await _page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await _page.ShouldBeAccessibleAsync();

        await _page.SetViewportSizeAsync(360, 800);

        (await _page.EvaluateAsync<int>("document.querySelector('.composer').scrollWidth - document.querySelector('.composer').clientWidth")).ShouldBe(0);
        (await _page.EvaluateAsync<string[]>("[...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML.slice(0, 120))")).ShouldBeEmpty();
        await _page.ShouldBeAccessibleAsync();
        Browser.Faults.ShouldBeEmpty();
    }

    [ChromiumFact]
    public async Task A_key_pressed_with_all_backbones_chosen_changes_one_row_and_no_other()
    {
        await OpenAsync(Small);
        foreach (var all in await Candidates.GetByRole(AriaRole.Button, new() { NameRegex = new("^All of ") }).AllAsync()) await all.ClickAsync();
        (await NamesAsync()).Length.ShouldBeGreaterThan(30);

        // What is built anew costs time, and the focus.
        var built = await _page.EvaluateAsync<int>("""
            async () => {
              let built = 0;
              const watch = new MutationObserver(changes => { for (const change of changes) built += [...change.addedNodes].filter(node => node.nodeType === Node.ELEMENT_NODE).length; });
              watch.observe(document.querySelector('.pickers'), { childList: true, subtree: true });
              document.getElementById('backbone-resnet8').click();
              await new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)));
              watch.disconnect();
              return built;
            }
            """);

        built.ShouldBeLessThanOrEqualTo(10);
        (await NamesAsync()).ShouldNotContain("resnet8");
    }

    /// <summary>An answer of the service to a dry run, whose candidates take 0.6 s and 1.2 s an epoch, that finds something in the way.</summary>
    private static JobEstimate Estimate() => new()
    {
        Images = new(Train: 300, Validation: 100, Test: 100),
        Epochs = 5,
        Repeats = 1,
        Candidates = [CostOf("resnet8", 0.6, measuredBatch: 64), CostOf("resnet18@imagenet", 1.2, measuredBatch: 4)],
        Seconds = 9,
        PeakMemoryBytes = 500_000_000,
        Obstacles = [new("candidates[1]", "\"resnet18\"", "says no other `weights`", "the file in its place"), new("dataset", null, "is absent", "what is there")],
        Problems = ["Few images."],
    };

    private static CandidateEstimate CostOf(string candidate, double epoch, int measuredBatch) => new()
    {
        Candidate = candidate,
        SecondsPerStep = 0.1,
        SecondsPerEpoch = epoch,
        Seconds = 5 * epoch,
        Cost = new()
        {
            Device = "cpu", Threads = 2, TrainSecondsPerStep = 0.01, TrainSecondsPerImage = 0.001, EvaluationSecondsPerImage = 0.001, BetaSecondsPerImage = 0.001,
            PeakMemoryBytes = 500_000_000, MeasuredBatch = measuredBatch, InputSize = 32,
        },
    };

    private ILocator Status => _page.Locator("#status");

    private ILocator Box(string backbone) => Candidates.GetByRole(AriaRole.Checkbox, new() { NameRegex = new($"^{backbone} ") });

    private async Task<JsonElement> SpecAsync() => JsonDocument.Parse(await Text.InputValueAsync()).RootElement;

    private async Task<string[]> NamesAsync() => [.. (await SpecAsync()).GetProperty("candidates").EnumerateArray()
        .Select(candidate => candidate.ValueKind is JsonValueKind.String ? candidate.GetString()! : candidate.GetProperty("backbone").GetString()!)];

    private async Task<Dictionary<string, BackboneInfo>> BackbonesAsync()
        => (await service.GetAsync<Api.Backbones.BackboneList>("/api/v1/backbones")).Items.ToDictionary(backbone => backbone.Name, StringComparer.Ordinal);

    /// <param name="spec">Null: what the page begins with.</param>
    private async Task OpenAsync(string? spec, Func<IPage, Task>? prepare = null, string fragment = "#/new")
    {
        _page = await Browser.OpenAsync(new("about:blank"));
        if (prepare is not null) await prepare(_page);
        await _page.GotoAsync($"{service.Address}{fragment}");
        if (fragment.Length == 0) return;
        await Assertions.Expect(_page.GetByRole(AriaRole.Region, new() { Name = "Family cnn" })).ToBeVisibleAsync();
        await Assertions.Expect(Text).Not.ToHaveValueAsync("");
        if (spec is not null) await Text.FillAsync(spec);
    }

    /// <summary>Tab by tab, to what has the name or begins with it.</summary>
    private async Task FocusAsync(string name)
    {
        const int mostSteps = 400;
        for (var step = 0; step < mostSteps; step++)
        {
            await _page.Keyboard.PressAsync("Tab");
            if (await _page.EvaluateAsync<bool>("""
                name => {
                  const at = document.activeElement, said = at.getAttribute('aria-label') ?? at.labels?.[0]?.textContent ?? at.textContent;
                  return name.endsWith(' ') ? said.startsWith(name) : said.trim() === name;
                }
                """, name)) return;
        }

        throw new InvalidOperationException($"'{name}' is not reached in {mostSteps} steps.");
    }

}
