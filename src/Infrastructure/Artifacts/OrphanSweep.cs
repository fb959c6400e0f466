using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Infrastructure.Jobs;
using NeuralCapacitance.Infrastructure.Postgres;

namespace NeuralCapacitance.Infrastructure.Artifacts;

/// <summary>Removes what is left behind: temporary files, checkpoints of trials that ended, artifacts of deleted jobs, and Idempotency-Keys past their time.</summary>
internal sealed partial class OrphanSweep(
    IDbContextFactory<ServiceDbContext> contexts, ArtifactStore artifacts, TimeProvider clock, ILogger<OrphanSweep> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <summary>Younger files may be at work.</summary>
    private static readonly TimeSpan LeastAge = TimeSpan.FromHours(1);

    private const string IdentityFile = ".database";

    public async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var oldestKey = await context.NowAsync(cancellationToken) - IdempotencyKey.Lifetime;
        await context.IdempotencyKeys.Where(k => k.CreatedAt < oldestKey).ExecuteDeleteAsync(cancellationToken);
        if (!Directory.Exists(artifacts.Root)) return;
        Remove(OldFiles(artifacts.Root).Where(file => file.Name.EndsWith(ArtifactStore.TemporaryEnding, StringComparison.Ordinal)));
        if (!await BelongToThisDatabaseAsync(context, cancellationToken)) return;
        var trials = await context.Trials.Select(t => new { t.Id, t.State }).ToListAsync(cancellationToken);
        var all = trials.Select(t => t.Id).ToHashSet();
        var active = trials.Where(t => !t.State.IsFinal).Select(t => t.Id).ToHashSet();
        Remove(OldFiles(artifacts.Checkpoints).Where(file => IsOfNone(file, active)));
        Remove(OldFiles(artifacts.Weights).Where(file => IsOfNone(file, all)));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        do
        {
            try
            {
                await RunOnceAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Two services with databases of their own, by mistake on one folder, would otherwise take each other's artifacts for orphans.</summary>
    private async Task<bool> BelongToThisDatabaseAsync(ServiceDbContext context, CancellationToken cancellationToken)
    {
        var identity = await context.Database.SqlQuery<string>(
            $"""
             SELECT format('%s/%s', (SELECT system_identifier FROM pg_control_system()), oid) AS "Value" FROM pg_database WHERE datname = current_database()
             """).SingleAsync(cancellationToken);
        var file = Path.Combine(artifacts.Root, IdentityFile);
        if (!File.Exists(file)) artifacts.WriteAtomically(file, path => File.WriteAllText(path, identity));
        var belongs = await File.ReadAllTextAsync(file, cancellationToken) == identity;
        if (!belongs) LogOfAnotherDatabase(artifacts.Root, file);
        return belongs;
    }

    private IEnumerable<FileInfo> OldFiles(string folder)
    {
        if (!Directory.Exists(folder)) return [];
        var newest = DiskNow() - LeastAge;
        return new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Where(file => file.LastWriteTimeUtc < newest);
    }

    /// <summary>By the clock that stamps the files, which may be another machine's.</summary>
    private DateTime DiskNow()
    {
        var file = new FileInfo(Path.Combine(artifacts.Root, $".clock.{Guid.NewGuid():N}{ArtifactStore.TemporaryEnding}"));
        File.WriteAllBytes(file.FullName, [0]);
        var now = file.LastWriteTimeUtc;
        file.Delete();
        return now;
    }

    /// <summary>A file that carries no trial's id is somebody's own.</summary>
    private static bool IsOfNone(FileInfo file, HashSet<Guid> trials)
        => Guid.TryParse(file.Name.Split('.')[0], out var trial) && !trials.Contains(trial);

    private void Remove(IEnumerable<FileInfo> files)
    {
        foreach (var file in files.ToList())
        {
            file.Delete();
            LogRemoved(file.FullName);
            if (file.Directory is { } folder && folder.Parent?.FullName == artifacts.Weights && !folder.EnumerateFileSystemInfos().Any()) folder.Delete();
        }
    }

    [LoggerMessage(2400, LogLevel.Information, "Removed {File}, which nothing refers to")]
    private partial void LogRemoved(string file);

    [LoggerMessage(2401, LogLevel.Warning, "The artifacts in {Folder} were made with another database; orphans among them are left alone. Delete {IdentityFile} if they belong to this one")]
    private partial void LogOfAnotherDatabase(string folder, string identityFile);

    [LoggerMessage(2402, LogLevel.Warning, "The sweep of orphaned artifacts failed; it is tried again in an hour")]
    private partial void LogFailed(Exception exception);
}
