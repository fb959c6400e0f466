using Microsoft.Extensions.Options;
using NeuralCapacitance.Infrastructure.Postgres.Embedded;
using NeuralCapacitance.Infrastructure.Storage;

namespace NeuralCapacitance.Infrastructure.Retention;

/// <summary>Logs of the private database: it begins a new one every day, and removes none.</summary>
internal sealed class LogRetention(IOptions<StorageOptions> storage, IOptions<RetentionOptions> options) : IRetentionRule
{
    public string Kind => "logs";

    public RetentionLimit Limit => options.Value.Logs;

    public Task<IReadOnlyList<RetentionCandidate>> FindAsync(DateTimeOffset now, CancellationToken cancellationToken) => Task.FromResult(Find(now));

    private IReadOnlyList<RetentionCandidate> Find(DateTimeOffset now)
    {
        var folder = new DirectoryInfo(EmbeddedPostgres.LogFolderIn(Path.Combine(storage.Value.AbsoluteRoot, "postgres")));
        if (Limit.IsNone || !folder.Exists) return [];
        // The newest is being written to.
        var closed = folder.EnumerateFiles("*.log").OrderByDescending(file => file.Name, StringComparer.Ordinal).Skip(1);
        return
        [
            .. Limit.ExpiredOf(closed.Select(file => new Dated<FileInfo>(file, new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero))), now)
                .Select(expired => new RetentionCandidate(new(expired.Item.Name, expired.Item.Length, expired.UsedAt, expired.Why), Kept: null, _ => Delete(expired.Item))),
        ];
    }

    private static Task<string?> Delete(FileInfo file)
    {
        file.Delete();
        return Task.FromResult<string?>(null);
    }
}
