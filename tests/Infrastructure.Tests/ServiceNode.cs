using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NeuralCapacitance.Infrastructure.Artifacts;
using NeuralCapacitance.Infrastructure.Events;
using NeuralCapacitance.Infrastructure.Jobs;
using NeuralCapacitance.Infrastructure.Races;
using NeuralCapacitance.Infrastructure.Trials;

namespace NeuralCapacitance.Infrastructure.Tests;

/// <summary>One running node of the service, without the API and without tensors.</summary>
public sealed class ServiceNode : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly string _folder;

    private ServiceNode(IHost host, string folder)
    {
        _host = host;
        _folder = folder;
    }

    public IServiceProvider Services => _host.Services;

    public JobStore Jobs => Services.GetRequiredService<JobStore>();

    public TrialStore Trials => Services.GetRequiredService<TrialStore>();

    public RaceStore Races => Services.GetRequiredService<RaceStore>();

    public ChangeFeed Changes => Services.GetRequiredService<ChangeFeed>();

    public ArtifactStore Artifacts => Services.GetRequiredService<ArtifactStore>();

    public static async Task<ServiceNode> StartAsync(string connectionString, Action<IServiceCollection>? configure = null, params (string Key, string Value)[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("nc-node-").FullName;
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection(
        [
            new("ConnectionStrings:Postgres", connectionString),
            new("Storage:Root", folder),
            .. settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)),
        ]);
        builder.Logging.SetMinimumLevel(LogLevel.Information);
        builder.Services.AddInfrastructure(builder.Configuration);
        configure?.Invoke(builder.Services);
        var node = new ServiceNode(builder.Build(), folder);
        try
        {
            await node._host.StartAsync();
            return node;
        }
        catch
        {
            await node.RemoveAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await RemoveAsync();
    }

    private async Task RemoveAsync()
    {
        if (_host is IAsyncDisposable host) await host.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>A node on a fresh database, for all tests of a class.</summary>
public sealed class ServiceNodeFixture : IAsyncLifetime
{
    /// <summary>Null until the fixture is initialized.</summary>
    public ServiceNode Node { get; private set; } = null!;

    public async Task InitializeAsync() => Node = await ServiceNode.StartAsync(await PostgresFixture.NewDatabaseAsync());

    public async Task DisposeAsync() => await Node.DisposeAsync();
}
