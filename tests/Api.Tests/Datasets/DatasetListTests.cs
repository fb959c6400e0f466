using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Api.Datasets;
using NeuralCapacitance.Api.Jobs;
using NeuralCapacitance.EndToEnd.Processes;
using NeuralCapacitance.Infrastructure.Tests.Workload;
using NeuralCapacitance.Worker.Datasets;

namespace NeuralCapacitance.Api.Tests.Datasets;

/// <summary>Data sets are listed from what is known.</summary>
public sealed class DatasetListTests : IAsyncLifetime
{
    private const string Address = "/api/v1/datasets";

    private readonly ServiceFixture _service = new(("Datasets:ListAge", "01:00:00"));

    public Task InitializeAsync() => _service.InitializeAsync();

    public Task DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task Folders_are_not_looked_at_each_time_and_an_upload_shows_at_once()
    {
        Write("early");
        (await NamesAsync()).ShouldBe(["early", "synthetic"]);

        Write("late");
        (await NamesAsync()).ShouldBe(["early", "synthetic"], "an hour has not passed");

        using var uploaded = await _service.UploadAsync("mine", Pictures.Zip(10));
        uploaded.StatusCode.ShouldBe(HttpStatusCode.Created, await uploaded.Content.ReadAsStringAsync());
        (await NamesAsync()).ShouldBe(["early", "late", "mine", "synthetic"]);

        using var deleted = await _service.Client.DeleteAsync($"{Address}/mine");
        (await NamesAsync()).ShouldBe(["early", "late", "synthetic"]);
    }

    [Fact]
    public async Task Pages_hold_each_data_set_once()
    {
        foreach (var name in (string[])["a", "b", "c"]) Write(name);

        var names = new List<string>();
        string? cursor = null;
        do
        {
            var page = await _service.GetAsync<PageResponse<DatasetSummary>>($"{Address}?limit=3{(cursor is null ? "" : $"&cursor={cursor}")}");
            page.Items.Count.ShouldBeLessThanOrEqualTo(3);
            names.AddRange(page.Items.Select(item => item.Name));
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        names.ShouldBe(["a", "b", "c", "synthetic"]);
    }

    [Fact]
    public async Task What_is_known_too_long_is_told_once_more_while_somebody_looks()
    {
        var time = new ManualTime();
        var known = new KnownDatasets(
            _service.Services.GetRequiredService<DatasetNames>(), _service.Services.GetRequiredService<UploadedFolders>(),
            Options.Create(new DatasetOptions { ListAge = TimeSpan.FromMinutes(1) }), time, NullLogger<KnownDatasets>.Instance);
        (await NamesAsync(known)).ShouldBe(["synthetic"]);
        Write("new");
        time.Advance(TimeSpan.FromSeconds(59));
        (await NamesAsync(known)).ShouldBe(["synthetic"]);
        time.Advance(TimeSpan.FromSeconds(1));

        await Eventually.Async("the folder to be seen", () => NamesAsync(known), names => names.Contains("new", StringComparer.Ordinal));
    }

    private void Write(string name)
    {
        _service.Write($"{name}/a/1.png", Pictures.Png(1));
        _service.Write($"{name}/b/2.png", Pictures.Png(2));
    }

    private Task<IReadOnlyList<string>> NamesAsync() => NamesAsync(_service);

    private static async Task<IReadOnlyList<string>> NamesAsync(ServiceFixture service)
        => [.. (await service.GetAsync<PageResponse<DatasetSummary>>(Address)).Items.Select(item => item.Name)];

    private static async Task<IReadOnlyList<string>> NamesAsync(KnownDatasets known) => [.. (await known.ListAsync(default)).Select(item => item.Summary.Name)];
}
