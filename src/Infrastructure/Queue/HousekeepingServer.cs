using Hangfire;
using Hangfire.AspNetCore;
using Hangfire.Common;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace NeuralCapacitance.Infrastructure.Queue;

/// <summary>
/// Hangfire's server of a node that serves HTTP, for what is no trial: it has threads of its own, so that no trial waits for a slow receiver, and none
/// of this for a trial.
/// </summary>
internal sealed class HousekeepingServer(
    JobStorage storage, IJobFilterProvider filters, IServiceScopeFactory scopes, IEnumerable<RecurringWork> recurring, HousekeepingThreads threads, ILoggerFactory loggers)
    : IHostedService, IDisposable
{
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(5);

    private BackgroundJobServer? _server;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        HangfireLog.WriteTo(loggers);
        var manager = new RecurringJobManager(storage, filters);
        foreach (var work in recurring) manager.AddOrUpdate(work.Name, work.Job, work.Schedule, new RecurringJobOptions { TimeZone = TimeZoneInfo.Utc });
        _server = new(
            new()
            {
                ServerName = $"{WorkerName.OfThisProcess}/housekeeping",
                Queues = [.. threads.Queues],
                WorkerCount = threads.Count,
                ShutdownTimeout = ShutdownTimeout,
                Activator = new AspNetCoreJobActivator(scopes),
                FilterProvider = filters,
            },
            storage);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_server is not { } server) return;
        server.SendStop();
        await server.WaitForShutdownAsync(cancellationToken);
    }

    /// <summary>A host that is disposed of may be stopped once more: Hangfire's server would throw then.</summary>
    public void Dispose() => Interlocked.Exchange(ref _server, null)?.Dispose();
}

/// <param name="Job">With its queue.</param>
/// <param name="Schedule">As cron writes it, in UTC.</param>
internal sealed record RecurringWork(string Name, Job Job, string Schedule);

/// <param name="Count">Of all queues together.</param>
internal sealed record HousekeepingThreads(IReadOnlyList<string> Queues, int Count);
