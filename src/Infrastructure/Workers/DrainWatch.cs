using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NeuralCapacitance.Infrastructure.Events;
using NeuralCapacitance.Infrastructure.Queue;

namespace NeuralCapacitance.Infrastructure.Workers;

/// <summary>Opens and closes the gate as soon as somebody has asked for it, on whatever node; the next check-in would do so too.</summary>
internal sealed partial class DrainWatch(
    ChangeFeed changes, WorkerRegister register, DrainGate gate, MissingSignals missing, ILogger<DrainWatch> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var _ in changes.QueueChangesAsync(stoppingToken))
        {
            try
            {
                var wasClosed = gate.IsClosed;
                await register.LookAsync(stoppingToken);
                if (gate.IsClosed == wasClosed) continue;
                if (gate.IsClosed) LogDrains();
                else LogTakesTrials();
                await missing.SendAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(e);
            }
        }
    }

    [LoggerMessage(2230, LogLevel.Information, "This worker drains: it takes no new trials, and finishes those that it runs")]
    private partial void LogDrains();

    [LoggerMessage(2231, LogLevel.Information, "This worker takes trials again")]
    private partial void LogTakesTrials();

    [LoggerMessage(2232, LogLevel.Warning, "Whether this worker is to drain could not be read; its next check-in looks again")]
    private partial void LogFailed(Exception exception);
}
