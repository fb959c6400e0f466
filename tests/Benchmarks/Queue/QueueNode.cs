using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Infrastructure;
using NeuralCapacitance.Infrastructure.Events;
using NeuralCapacitance.Infrastructure.Jobs;
using NeuralCapacitance.Infrastructure.Queue;
using NeuralCapacitance.Worker.Hosting;

namespace NeuralCapacitance.Benchmarks.Queue;

/// <summary>What a node does with trials.</summary>
internal enum QueueRole
{
    /// <summary>Takes jobs in.</summary>
    Client,

    /// <summary>Claims trials and ends them after a while (<see cref="PacedExecutor"/>).</summary>
    Paced,

    /// <summary>Trains them.</summary>
    Trains,
}

/// <summary>One node of the service without HTTP.</summary>
internal sealed class QueueNode(IHost host) : IAsyncDisposable
{
    public JobStore Jobs => host.Services.GetRequiredService<JobStore>();

    public static async Task<QueueNode> StartAsync(QueueRole role, string connectionString, string folder, int slots, TimeSpan pace, params (string Key, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection(
        [
            new("ConnectionStrings:Postgres", connectionString),
            new("Storage:Root", folder),
            new("Worker:Device", "cpu"),
            new("Worker:Threads", "1"),
            .. settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)),
        ]);
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(50));
        builder.Services.AddInfrastructure(builder.Configuration);
        if (role == QueueRole.Paced) builder.Services.AddSingleton(new Pace(pace)).AddTrialExecution<PacedExecutor>(slots);
        if (role == QueueRole.Trains) builder.Services.AddWorker(builder.Configuration);
        var node = new QueueNode(builder.Build());
        await node.RunAsync();
        return node;
    }

    public Task WaitForShutdownAsync() => host.WaitForShutdownAsync();

    /// <summary>The job, when it has ended.</summary>
    public async Task<Job> EndAsync(Guid jobId, CancellationToken cancellationToken)
    {
        await foreach (var _ in host.Services.GetRequiredService<ChangeFeed>().JobChangesAsync(jobId, cancellationToken))
        {
            if (await Jobs.FindAsync(jobId, cancellationToken) is { State.IsFinal: true } job) return job;
        }
        throw new InvalidOperationException($"The feed of job {jobId} ended.");
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        await ((IAsyncDisposable)host).DisposeAsync();
    }

    private Task RunAsync() => host.StartAsync();
}
