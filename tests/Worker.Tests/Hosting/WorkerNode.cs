using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Infrastructure;
using NeuralCapacitance.Infrastructure.Artifacts;
using NeuralCapacitance.Infrastructure.Events;
using NeuralCapacitance.Infrastructure.Jobs;
using NeuralCapacitance.Infrastructure.Tests;
using NeuralCapacitance.Infrastructure.Trials;
using NeuralCapacitance.Worker.Hosting;
using NeuralCapacitance.Worker.Logging;
using Serilog.Core;

namespace NeuralCapacitance.Worker.Tests.Hosting;

/// <summary>A whole worker process's worth of services. Nodes on one folder share one database.</summary>
internal sealed class WorkerNode : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static readonly ConcurrentDictionary<string, Lazy<Task<string>>> Databases = new(StringComparer.Ordinal);

    private readonly IHost host;

    private WorkerNode(IHost host) => this.host = host;

    public JobStore Jobs => host.Services.GetRequiredService<JobStore>();

    public TrialStore Trials => host.Services.GetRequiredService<TrialStore>();

    public ArtifactStore Artifacts => host.Services.GetRequiredService<ArtifactStore>();

    /// <summary>Takes trials at once, on one CPU thread.</summary>
    public static Task<WorkerNode> StartAsync(string folder, params (string Key, string Value)[] settings)
        => StartAsync(folder, settings, (services, configuration) => services.AddWorker(configuration));

    /// <summary>Takes trials at once, and logs as a worker's process does, to <paramref name="log"/> too.</summary>
    public static Task<WorkerNode> StartAsync(string folder, ILogEventSink log)
        => StartAsync(folder, [], (services, configuration) => services.AddWorker(configuration).AddWorkerLogging(configuration).AddSingleton(log));

    /// <summary>Has the database and takes no trial: a test may play the worker.</summary>
    public static Task<WorkerNode> StartIdleAsync(string folder) => StartAsync(folder, [], (_, _) => { });

    private static async Task<WorkerNode> StartAsync(
        string folder, (string Key, string Value)[] settings, Action<IServiceCollection, IConfiguration> addMore)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection(
        [
            new("ConnectionStrings:Postgres", await Databases.GetOrAdd(folder, _ => new Lazy<Task<string>>(PostgresFixture.NewDatabaseAsync)).Value),
            new("Storage:Root", folder),
            new("Worker:Device", "cpu"),
            new("Worker:Threads", "1"),
            .. settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)),
        ]);
        builder.Services.AddInfrastructure(builder.Configuration);
        addMore(builder.Services, builder.Configuration);
        var node = new WorkerNode(builder.Build());
        await node.host.StartAsync();
        return node;
    }

    public async Task<Guid> SubmitAsync(JobSpec spec) => (await Jobs.CreateAsync(spec, "{}", idempotencyKey: null, CancellationToken.None)).Job.Id;

    /// <summary>Waits until the job has come to this.</summary>
    /// <exception cref="TimeoutException">It never does.</exception>
    public async Task<Job> WaitAsync(Guid jobId, Func<Job, IReadOnlyList<Trial>, bool> reached)
    {
        using var timeout = new CancellationTokenSource(Patience);
        try
        {
            await foreach (var _ in host.Services.GetRequiredService<ChangeFeed>().JobChangesAsync(jobId, timeout.Token))
            {
                var job = await Jobs.FindAsync(jobId, timeout.Token);
                if (reached(job!, await Trials.ListAsync(jobId, timeout.Token)))
                {
                    return job!;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Reported below, with what is known.
        }
        throw new TimeoutException($"After {Patience}: {await Jobs.FindAsync(jobId, CancellationToken.None)}");
    }

    public Task<IReadOnlyList<Observation>> ObservationsAsync(Guid jobId) => Trials.ObservationsAsync(jobId, after: 0, limit: 1000, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        await ((IAsyncDisposable)host).DisposeAsync();
    }
}
