using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Infrastructure.Access;
using NeuralCapacitance.Infrastructure.Postgres;
using NeuralCapacitance.Infrastructure.Uploads;

namespace NeuralCapacitance.Infrastructure.Retention;

/// <summary>Uploaded data sets that no job needs. Used is one when a job on it comes and ends.</summary>
internal sealed class UploadRetention(
    IDbContextFactory<ServiceDbContext> contexts, DatasetUploads uploads, IUploadUse use, UploadRemoval removal, ActiveNeeds needs, AuditTrail audit, IOptions<RetentionOptions> options) : IRetentionRule
{
    public string Kind => "uploads";

    public RetentionLimit Limit => options.Value.Uploads;

    public async Task<IReadOnlyList<RetentionCandidate>> FindAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (Limit.IsNone) return [];
        var all = uploads.List();
        var ended = await EndedAsync(cancellationToken);
        var dated = all.Select(upload => new Dated<UploadedDataset>(
            upload, ended.Where(job => use.Uses(job.Dataset, upload)).Select(job => job.At).Append(uploads.UsedAt(upload)).Max()));
        var found = new List<RetentionCandidate>();
        foreach (var expired in Limit.ExpiredOf(dated, now))
        {
            var upload = expired.Item;
            found.Add(new(
                new(upload.Name, upload.Bytes, expired.UsedAt, expired.Why),
                WhyKept(await needs.UsersOfAsync(upload, cancellationToken)),
                token => RemoveAsync(upload, token)));
        }
        return found;
    }

    private async Task<string?> RemoveAsync(UploadedDataset upload, CancellationToken cancellationToken)
    {
        var outcome = await removal.RemoveAsync(upload, cancellationToken);
        if (outcome.IsRemoved) await audit.NoteAsync(Actor.Service, AuditAction.Expired, AuditSubject.Dataset(upload.Name), cancellationToken);
        return WhyKept(outcome.Users);
    }

    private static string? WhyKept(IReadOnlyList<Guid> users) => users.Count == 0 ? null : $"job {users[0]}, which has not ended, trains on it";

    /// <summary>The data sets that jobs were done on, and when for the last time. Of those that are found without a path only jobs that have not ended count.</summary>
    private async Task<IReadOnlyList<(Domain.Jobs.DatasetSpec Dataset, DateTimeOffset At)>> EndedAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await context.Jobs.AsNoTracking().Where(j => j.FinishedAt != null).Select(j => new { j.Spec, j.FinishedAt }).ToListAsync(cancellationToken);
        return
        [
            .. rows.Where(row => row.Spec.Dataset.Path is not null).GroupBy(row => row.Spec.Dataset.Path!, StringComparer.Ordinal)
                .Select(same => (same.First().Spec.Dataset, same.Max(row => row.FinishedAt!.Value))),
        ];
    }
}
