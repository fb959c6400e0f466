using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using NeuralCapacitance.Domain.Rankings;
using NeuralCapacitance.Infrastructure.Caching;
using NeuralCapacitance.Infrastructure.Postgres;
using NeuralCapacitance.Infrastructure.Trials;

namespace NeuralCapacitance.Infrastructure.History;

/// <summary>
/// The finished <c>full</c> jobs of this installation as tasks to learn from, and imported curves. Which jobs these are is asked each time
/// (an index scan of 51 rows at most); their curves are read once and kept until a job leaves the list.
/// </summary>
public sealed class PastJobStore
{
    private const int MostJobs = 50;

    /// <summary>Observations that are learned from; the oldest jobs are left out when there are more.</summary>
    private const int MostPoints = 200_000;

    private const int FingerprintLength = 16;

    private readonly SharedCache<(Guid Id, long Version), PastJob?> _jobs = new(2 * MostJobs);
    private readonly IDbContextFactory<ServiceDbContext> _contexts;
    private readonly TrialStore _trials;
    private readonly ImportedHistory _imported;

    internal PastJobStore(IDbContextFactory<ServiceDbContext> contexts, TrialStore trials, ImportedHistory imported)
    {
        _contexts = contexts;
        _trials = trials;
        _imported = imported;
    }

    /// <summary>The newest finished <c>full</c> jobs but this one.</summary>
    /// <param name="owner">Only this one's; null: everybody's.</param>
    public async Task<PastJobList> ListAsync(Guid except, CancellationToken cancellationToken, string? owner = null)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        // As the partial index ix_jobs_finished_full has it.
        var rows = await context.Database.SqlQuery<Listed>(
            $"""
             SELECT id AS "Id", version AS "Version" FROM jobs
             WHERE state = 'succeeded' AND spec -> 'selection' ->> 'mode' = 'full' AND finalizes IS NULL AND ({owner}::text IS NULL OR owner = {owner})
             ORDER BY sequence DESC
             LIMIT {MostJobs + 1}
             """).ToListAsync(cancellationToken);
        List<(Guid Id, long Version)> jobs = [.. rows.Where(row => row.Id != except).Take(MostJobs).Select(row => (row.Id, row.Version))];
        return new(jobs, Fingerprint(jobs));
    }

    /// <param name="datasetHash">Of the job at hand: tasks of the same images and labels are marked. Null: not known yet.</param>
    public async Task<RankingHistory> ReadAsync(PastJobList list, string? datasetHash, CancellationToken cancellationToken)
    {
        var tasks = new List<PastJob>();
        var points = 0;
        foreach (var job in list.Jobs)
        {
            if (await _jobs.GetAsync(job, abandoned => LoadAsync(job.Id, abandoned), cancellationToken) is not { } past) continue;
            points += past.Points;
            if (points > MostPoints) break;
            tasks.Add(past);
        }
        return new(
            [.. tasks.Select(past => past.Task with { SameDataset = datasetHash is not null && string.Equals(past.DatasetHash, datasetHash, StringComparison.Ordinal) })],
            _imported.Tasks);
    }

    /// <summary>Null: the job has nothing to learn from, or was deleted meanwhile.</summary>
    private async Task<PastJob?> LoadAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        var spec = await context.Jobs.Where(j => j.Id == id).Select(j => j.Spec).SingleOrDefaultAsync(cancellationToken);
        if (spec is null) return null;
        var records = await TrialRecords.ReadAsync(_trials, id, cancellationToken);
        return PastTasks.OfJob(spec.Name ?? $"job {id}", spec, records.Trials, records.Observations, records.Scores) is { } task
            ? new PastJob(task, records.DatasetHash, records.Observations.Count)
            : null;
    }

    private string Fingerprint(List<(Guid Id, long Version)> jobs)
    {
        var text = string.Join(';', jobs.Select(job => string.Create(CultureInfo.InvariantCulture, $"{job.Id} {job.Version}")).Prepend(_imported.Hash));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..FingerprintLength];
    }

    private sealed record Listed(Guid Id, long Version);
}
