using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace NeuralCapacitance.Infrastructure.Uploads;

/// <summary>Removes, at the start, what uploads left behind whose process was killed.</summary>
internal sealed partial class UploadSweep(UploadFolder folder, ILogger<UploadSweep> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var path in folder.Sweep()) LogSwept(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another node sweeps the same folder, or the disk is in trouble: neither is a reason not to start.
            LogFailed(e, folder.Root);
        }
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(2602, LogLevel.Information, "Removed {Path}, left by an upload that did not end")]
    private partial void LogSwept(string path);

    [LoggerMessage(2603, LogLevel.Warning, "Leftovers of uploads in {Folder} could not be removed; the next start tries again")]
    private partial void LogFailed(Exception exception, string folder);
}
