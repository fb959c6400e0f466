using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Infrastructure.Uploads;

namespace NeuralCapacitance.Infrastructure.Storage;

/// <summary>Whether the disk of <c>Storage:Root</c> has the room that uploads leave for checkpoints and caches.</summary>
/// <param name="freeBytes">Of the disk of a folder.</param>
internal sealed class DiskHealthCheck(IOptions<StorageOptions> storage, IOptions<UploadOptions> uploads, Func<string, long> freeBytes) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            return Task.FromResult(freeBytes(storage.Value.AbsoluteRoot) >= uploads.Value.KeepFreeBytes
                ? HealthCheckResult.Healthy()
                : new(context.Registration.FailureStatus, "The disk of Storage:Root has less free space than Uploads:KeepFreeBytes. Delete jobs or data sets, or make room on it."));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return Task.FromResult(new HealthCheckResult(context.Registration.FailureStatus, "The disk of Storage:Root cannot be looked at.", e));
        }
    }
}
