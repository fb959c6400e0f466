using Hangfire;
using Hangfire.AspNetCore;
using Hangfire.Common;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace NeuralCapacitance.Infrastructure.Queue;

/// <summary>Hangfire's server in a worker: a thread per slot that waits for signals.</summary>
internal sealed class TrialServer(
    JobStorage storage,
    IJobFilterProvider filters,
    IServiceScopeFactory scopes,
    SlotGate slots,
    IOptions<QueueOptions> options,
    ILoggerFactory loggers) : IHostedService, IDisposable
{
    /// <summary>Nothing of ours is scheduled, but Hangfire looks.</summary>
    private static readonly TimeSpan SchedulePollingInterval = TimeSpan.FromMinutes(1);

    /// <summary>Trials have handed themselves back by then (<see cref="StopAsync"/>); this is for Hangfire's own threads.</summary>
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private BackgroundJobServer? _server;
    private Task? _stopped;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        HangfireLog.WriteTo(loggers);
        _server = new(
            new()
            {
                ServerName = WorkerName.OfThisProcess,
                Queues = [TrialSignals.Queue],
                WorkerCount = slots.Count,
                HeartbeatInterval = options.Value.CheckInInterval,
                ServerTimeout = options.Value.ServerTimeout,
                ServerCheckInterval = options.Value.ServerTimeout / 6,
                ShutdownTimeout = ShutdownTimeout,
                SchedulePollingInterval = SchedulePollingInterval,
                Activator = new AspNetCoreJobActivator(scopes),
                FilterProvider = filters,
            },
            storage);
        return Task.CompletedTask;
    }

    /// <summary>By now the executors have been told to stop (<see cref="IHostApplicationLifetime.ApplicationStopping"/>); they are waited for as long as the host allows.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        if (_server is null) return Task.CompletedTask;
        // A host may be told to stop twice, and disposes this after the quicker answer.
        lock (_gate) return _stopped ??= DrainAsync(_server, cancellationToken);
    }

    public void Dispose() => _server?.Dispose();

    private async Task DrainAsync(BackgroundJobServer server, CancellationToken cancellationToken)
    {
        server.SendStop();
        await slots.CloseAsync(cancellationToken);
        await server.WaitForShutdownAsync(cancellationToken);
    }
}
