using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Worker.Datasets;

namespace NeuralCapacitance.Worker.Tests.Datasets;

public sealed class DatasetServicesTests : IDisposable
{
    private readonly ImageFolderFixture folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Roots_and_cache_come_from_storage_where_datasets_is_silent()
    {
        using var services = Services(("Storage:DataRoots:0", folder.Root), ("Storage:Root", folder.Base));
        var options = services.GetRequiredService<IOptions<DatasetOptions>>().Value;
        options.DataRoots.ShouldBe([folder.Root]);
        options.CacheRoot.ShouldBe(Path.Combine(folder.Base, "datasets"));
        options.DownloadRoot.ShouldBe(Path.Combine(folder.Base, "downloads", "datasets"));
    }

    [Fact]
    public void What_datasets_says_itself_wins()
    {
        using var services = Services(("Storage:DataRoots:0", "elsewhere"), ("Datasets:DataRoots:0", folder.Root), ("Datasets:CacheRoot", folder.CacheRoot));
        var options = services.GetRequiredService<IOptions<DatasetOptions>>().Value;
        options.DataRoots.ShouldBe([folder.Root]);
        options.CacheRoot.ShouldBe(folder.CacheRoot);
    }

    [Fact]
    public void All_wrong_settings_are_reported_at_once()
    {
        using var services = Services(("Datasets:DataRoots:0", "no/such/folder"), ("Datasets:CacheRoot", ImageFolderFixture.Golden("rgb.png")), ("Datasets:DecodeThreads", "-1"), ("Datasets:CacheLimit", "-5"), ("Datasets:ListAge", "-00:00:01"));
        var fault = Should.Throw<OptionsValidationException>(() => services.GetRequiredService<IDatasetCatalogue>());
        fault.Failures.Count().ShouldBe(5);
        fault.Message.ShouldContain("Datasets:DataRoots:0 is 'no/such/folder'");
        fault.Message.ShouldContain("Datasets:CacheLimit is -5; accepted is a number of bytes, or 0 for no limit.");
        fault.Message.ShouldContain("Datasets:DecodeThreads is -1; accepted is 0 (all cores) … 1024.");
        fault.Message.ShouldContain("Datasets:ListAge is -00:00:01; accepted is 00:00:00 (look each time) … 01:00:00.");
    }

    private static ServiceProvider Services(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(s => s.Key, s => (string?)s.Value, StringComparer.Ordinal)).Build();
        return new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddDatasets(configuration).AddDatasets(configuration).BuildServiceProvider();
    }
}
