using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Domain.Access;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Infrastructure.Limits;
using NeuralCapacitance.Infrastructure.Uploads;

namespace NeuralCapacitance.Api.Limits;

/// <summary>How much an owner may have. Operators may have what they like.</summary>
internal sealed class Quotas : IDisposable
{
    private readonly LimitOptions _limits;
    private readonly DatasetUploads _uploads;
    private readonly PartitionedRateLimiter<string> _dryRuns;

    public Quotas(IOptions<LimitOptions> limits, DatasetUploads uploads)
    {
        (_limits, _uploads) = (limits.Value, uploads);
        _dryRuns = PartitionedRateLimiter.Create<string, string>(
            owner => RateLimitPartition.GetConcurrencyLimiter(owner, _ => new ConcurrencyLimiterOptions { PermitLimit = _limits.DryRuns, QueueLimit = 0 }));
    }

    /// <summary>Null: as many as they like.</summary>
    public int? ActiveJobsOf(Caller caller) => IsFree(caller) ? null : _limits.ActiveJobs;

    /// <exception cref="QuotaExceededException">The job is too large, or too urgent.</exception>
    public void Require(JobSpec spec, Caller caller)
    {
        if (IsFree(caller)) return;
        var trials = spec.Candidates.Count * spec.Training.Repeats;
        if (trials > _limits.TrialsPerJob)
        {
            throw new QuotaExceededException(
                $"The job has {trials} trials (candidates times repeats); {_limits.TrialsPerJob} are allowed without the role `operate`.", nameof(_limits.TrialsPerJob), _limits.TrialsPerJob);
        }

        if (spec.Priority > _limits.HighestPriority)
        {
            throw new QuotaExceededException(
                $"The job has the priority {spec.Priority}; up to {_limits.HighestPriority} is allowed without the role `operate`.", nameof(_limits.HighestPriority), _limits.HighestPriority);
        }
    }

    /// <summary>To be disposed of when the dry run has ended.</summary>
    /// <exception cref="QuotaExceededException">As many as may are under way.</exception>
    public IDisposable BeginDryRun(Caller caller)
    {
        if (IsFree(caller)) return NoLease.Instance;
        var lease = _dryRuns.AttemptAcquire(caller.Owner);
        if (lease.IsAcquired) return lease;
        lease.Dispose();
        throw new QuotaExceededException($"{_limits.DryRuns} dry runs of yours are under way; no more are allowed at once.", nameof(_limits.DryRuns), _limits.DryRuns) { Passes = true };
    }

    /// <summary>Looked at before anything is received: what the archive expands to counts for the next one.</summary>
    /// <param name="length">Of the archive; null: not known.</param>
    /// <exception cref="QuotaExceededException">The owner's data sets are as large as they may be, or would be.</exception>
    public void RequireUpload(string name, long? length, Caller caller)
    {
        // The same archive once more adds nothing, and another one of the same name is refused.
        if (IsFree(caller) || _uploads.Find(name) is not null) return;
        var there = _uploads.BytesOf(caller.Owner);
        if (there < _limits.UploadBytes && there + (length ?? 0) <= _limits.UploadBytes) return;
        throw new QuotaExceededException(
            $"Your uploaded data sets have {there} bytes{(length is { } more ? $", and the archive has {more}" : "")}; {_limits.UploadBytes} are allowed. Delete one that is not needed.",
            nameof(_limits.UploadBytes),
            _limits.UploadBytes) { Passes = true };
    }

    public void Dispose() => _dryRuns.Dispose();

    private static bool IsFree(Caller caller) => caller.May(Role.Operate);

    private sealed class NoLease : IDisposable
    {
        public static readonly NoLease Instance = new();

        public void Dispose()
        {
        }
    }
}
