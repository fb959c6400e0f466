using System.IO.Compression;
using System.IO.Hashing;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using NeuralCapacitance.Api.Tests.Datasets;
using NeuralCapacitance.EndToEnd;

namespace NeuralCapacitance.Api.Tests.Pages;

[Collection(PagesCollectionDefinition.Name)]
public sealed class DatasetPageTests(ServiceFixture service) : InBrowser
{
    private const string Drop = "Drop a folder or a zip file";

    [ChromiumFact]
    public async Task A_data_set_is_uploaded_looked_at_and_deleted()
    {
        var page = await OpenAsync("#/datasets");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("from-the-page");
        await page.GetByLabel("Choose a zip file").SetInputFilesAsync(new FilePayload { Name = "pets.zip", MimeType = "application/zip", Buffer = Pictures.Zip(4, seed: 5) });
        await page.GetByRole(AriaRole.Button, new() { Name = "Upload" }).ClickAsync();

        var dataset = page.GetByRole(AriaRole.Region, new() { Name = "from-the-page" });
        await Assertions.Expect(dataset).ToContainTextAsync("2 classes");
        await dataset.GetByText("Look at the images").ClickAsync();
        await Assertions.Expect(dataset.GetByRole(AriaRole.Img)).ToHaveJSPropertyAsync("naturalWidth", 530);
        page.Dialog += (_, dialog) => _ = dialog.AcceptAsync();
        await dataset.GetByRole(AriaRole.Button, new() { Name = "Delete from-the-page" }).ClickAsync();
        await Assertions.Expect(dataset).ToHaveCountAsync(0);
        Browser.Faults.ShouldBeEmpty();
    }

    [ChromiumFact]
    public async Task A_data_set_that_was_still_being_read_is_asked_for_again()
    {
        (await service.UploadAsync("asked-again", Pictures.Zip(4, seed: 6))).Dispose();
        const string address = "**/api/v1/datasets/asked-again";
        var page = await OpenAsync("#/datasets");
        await page.RouteAsync(address, route => route.FulfillAsync(new() { ContentType = "application/json", Body = """{ "problems": [], "inspection": null }""" }));
        var dataset = page.GetByRole(AriaRole.Region, new() { Name = "asked-again" });
        await dataset.GetByText("Look at the images").ClickAsync();
        await Assertions.Expect(dataset).ToContainTextAsync("still being read");

        await page.UnrouteAsync(address);
        await dataset.GetByText("Look at the images").ClickAsync();
        await dataset.GetByText("Look at the images").ClickAsync();

        await Assertions.Expect(dataset).ToContainTextAsync("pixels (least");
        await Assertions.Expect(dataset).Not.ToContainTextAsync("still being read");
        await Assertions.Expect(dataset.GetByRole(AriaRole.Img)).ToHaveCountAsync(1);
    }

    [ChromiumFact]
    public async Task A_data_set_stays_when_its_deletion_is_not_confirmed()
    {
        (await service.UploadAsync("kept", Pictures.Zip(4, seed: 7))).Dispose();
        var page = await OpenAsync("#/datasets");
        var asked = new TaskCompletionSource<string>();
        page.Dialog += async (_, dialog) =>
        {
            await dialog.DismissAsync();
            asked.SetResult(dialog.Message);
        };

        await page.GetByRole(AriaRole.Button, new() { Name = "Delete kept" }).ClickAsync();

        (await asked.Task).ShouldContain("kept");
        service.Services.GetRequiredService<Infrastructure.Uploads.DatasetUploads>().Find("kept").ShouldNotBeNull();
    }

    [ChromiumFact]
    public async Task A_refused_archive_is_explained_in_the_page()
    {
        var page = await OpenAsync("#/datasets");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("refused");
        await page.GetByLabel("Choose a zip file").SetInputFilesAsync(new FilePayload { Name = "pets.zip", MimeType = "application/zip", Buffer = [1, 2, 3] });
        await page.GetByRole(AriaRole.Button, new() { Name = "Upload" }).ClickAsync();

        var alert = page.GetByRole(AriaRole.Alert);
        await Assertions.Expect(alert).ToContainTextAsync("is no zip file");
        await Assertions.Expect(alert).ToContainTextAsync("Accepted:");
        await Assertions.Expect(alert).ToBeFocusedAsync();
    }

    [ChromiumFact]
    public async Task A_folder_that_is_dropped_becomes_a_data_set()
    {
        // A name that has no place to break at is there too.
        (await service.UploadAsync(new string('n', 64), Pictures.Zip(4, seed: 12))).Dispose();
        using var folder = new TemporaryFolder();
        var birds = Path.Combine(folder.Path, "Meine Vögel");
        foreach (var (name, i) in new[] { "Bär & Co", "cat", ".hidden" }.SelectMany(name => Enumerable.Range(0, 5).Select(i => (name, i))))
        {
            Directory.CreateDirectory(Path.Combine(birds, name));
            await File.WriteAllBytesAsync(Path.Combine(birds, name, $"{i}.png"), Pictures.Png(name.Length + i));
        }

        var page = await OpenAsync("#/datasets");
        await page.DropFilesAsync(page.GetByText(Drop), birds);
        await Assertions.Expect(page.GetByText(new System.Text.RegularExpressions.Regex("^10 files, [0-9]+ KiB, in 2 folders$"))).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByLabel("Name", new() { Exact = true })).ToHaveValueAsync("meine-vogel");
        await page.GetByRole(AriaRole.Button, new() { Name = "Upload" }).ClickAsync();

        var dataset = page.GetByRole(AriaRole.Region, new() { Name = "meine-vogel" });
        await Assertions.Expect(dataset).ToContainTextAsync("2 classes");
        await Assertions.Expect(dataset).ToBeFocusedAsync();
        await page.ShouldBeAccessibleAsync();
        await page.SetViewportSizeAsync(360, 800);
        await page.ShouldFitAsync(360);
        (await service.GetAsync<JsonElement>("/api/v1/datasets/meine-vogel")).GetProperty("classes").EnumerateArray().Select(c => c.GetProperty("class").GetString()).ShouldBe(["Bär & Co", "cat"]);
        Browser.Faults.ShouldBeEmpty();
    }

    [ChromiumFact]
    public async Task What_is_dropped_and_is_neither_folder_nor_archive_is_refused()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "cat"));
        await File.WriteAllBytesAsync(Path.Combine(folder.Path, "1.png"), Pictures.Png(1));

        var page = await OpenAsync("#/datasets");
        await page.DropFilesAsync(page.GetByText(Drop), Path.Combine(folder.Path, "cat"), Path.Combine(folder.Path, "1.png"));

        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("neither a folder nor a zip file");
    }

    [ChromiumFact]
    public async Task Nothing_chosen_is_nothing_sent()
    {
        var page = await OpenAsync("#/datasets");
        await page.GetByRole(AriaRole.Button, new() { Name = "Upload" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("There is nothing to send");
    }

    [ChromiumFact]
    public async Task What_the_page_packs_other_readers_unpack()
    {
        var page = await OpenAsync("#/datasets");
        var packed = await page.EvaluateAsync<string>("""
            async () => {
              const { zipOf } = await import(new URL('js/datasets/zip.js', document.baseURI));
              const file = text => new File([text], 'x');
              const archive = await zipOf([{ path: 'ä/1.png', file: file('first') }, { path: 'b/empty', file: file('') }, { path: 'b/2.png', file: file('z'.repeat(5000000)) }]);
              const reader = new FileReader();
              return new Promise(resolve => { reader.onload = () => resolve(reader.result.split(',')[1]); reader.readAsDataURL(archive); });
            }
            """);

        using var archive = new ZipArchive(new MemoryStream(Convert.FromBase64String(packed)));
        archive.Entries.Select(entry => (entry.FullName, entry.Length)).ShouldBe([("ä/1.png", 5), ("b/empty", 0), ("b/2.png", 5_000_000)]);
        foreach (var entry in archive.Entries)
        {
            var crc = new Crc32();
            await crc.AppendAsync(await entry.OpenAsync());
            crc.GetCurrentHashAsUInt32().ShouldBe(entry.Crc32);
        }
    }

    [ChromiumFact]
    public async Task A_folder_larger_than_the_format_counts_is_refused_before_it_is_read()
    {
        var page = await OpenAsync("#/datasets");
        var told = await page.EvaluateAsync<string>("""
            async () => {
              const { zipOf } = await import(new URL('js/datasets/zip.js', document.baseURI));
              const large = { size: 2 ** 31, slice() { throw new Error('read'); } };
              return zipOf([{ path: 'a/1.png', file: large }, { path: 'b/2.png', file: large }]).catch(error => error.message);
            }
            """);
        told.ShouldBe("It has 2 files and 4.0 GiB; 65,535 files and 4 GiB can be sent. Pack it into a zip file yourself, or use the command line: neural-capacitance datasets upload FOLDER.");
    }

    [ChromiumFact]
    public async Task An_upload_that_breaks_off_says_so_and_can_be_sent_again()
    {
        var page = await OpenAsync("#/datasets");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("sent-twice");
        await page.GetByLabel("Choose a zip file").SetInputFilesAsync(new FilePayload { Name = "pets.zip", MimeType = "application/zip", Buffer = Pictures.Zip(4, seed: 9) });
        await page.RouteAsync("**/datasets?name=sent-twice", route => route.AbortAsync());
        await page.GetByRole(AriaRole.Button, new() { Name = "Upload" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("The upload broke off");

        await page.UnrouteAsync("**/datasets?name=sent-twice");
        await page.GetByRole(AriaRole.Button, new() { Name = "Upload" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "sent-twice" })).ToContainTextAsync("2 classes");
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToHaveCountAsync(0);
    }

    private Task<IPage> OpenAsync(string fragment) => Browser.OpenAsync(new($"{service.Address}{fragment}"));
}
