using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Infrastructure.Postgres;
using NeuralCapacitance.Infrastructure.Retention;

namespace NeuralCapacitance.Infrastructure.Artifacts;

/// <summary>A file that nothing needs any more.</summary>
internal sealed record Leftover(FileInfo File, string Why)
{
    public RetentionCandidate ToCandidate() => new(
        new(File.Name, File.Length, new DateTimeOffset(File.LastWriteTimeUtc, TimeSpan.Zero), Why),
        Kept: null,
        _ =>
        {
            Delete();
            return Task.FromResult<string?>(null);
        });

    public void Delete()
    {
        File.Delete();
        // A job's own folder goes with the last file in it.
        if (File.Directory is { } folder && Guid.TryParse(folder.Name, out _) && !folder.EnumerateFileSystemInfos().Any()) folder.Delete();
    }
}

/// <summary>Finds the files below the artifact root that nothing needs: no row of this database leads to them, or only one of a trial that has ended.</summary>
internal sealed partial class Leftovers(
    IDbContextFactory<ServiceDbContext> contexts, ArtifactStore artifacts, IOptions<RetentionOptions> options, TimeProvider clock, ILogger<Leftovers> logger)
{
    /// <summary>Younger files may be at work.</summary>
    public static readonly TimeSpan LeastAge = TimeSpan.FromHours(1);

    private const string IdentityFile = ".database";

    /// <summary>Half-written files, artifacts of trials that are gone, and weights that an attempt wrote and did not live to announce.</summary>
    public async Task<IReadOnlyList<Leftover>> FilesAsync(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(artifacts.Root)) return [];
        List<Leftover> found =
        [
            .. OldFiles(artifacts.Root).Where(file => file.Name.EndsWith(ArtifactStore.TemporaryEnding, StringComparison.Ordinal)).Select(file => new Leftover(file, "half-written")),
        ];
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (!await BelongToThisDatabaseAsync(context, cancellationToken)) return found;
        // The files before the rows: a file that is not seen is not judged by rows that are older than it.
        var files = OldFiles(artifacts.Checkpoints).Concat(OldFiles(artifacts.Weights)).ToList();
        var trials = await TrialsAsync(context, cancellationToken);
        found.AddRange(from file in files let why = WhyNotNeeded(file, trials) where why is not null select new Leftover(file, why));
        return found;
    }

    /// <summary>Training state of trials that have ended, as far as <see cref="RetentionOptions.CheckpointAge"/> and <see cref="RetentionOptions.CheckpointCount"/> say.</summary>
    public async Task<IReadOnlyList<Leftover>> CheckpointsAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Checkpoints.IsNone || !Directory.Exists(artifacts.Checkpoints)) return [];
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (!await BelongToThisDatabaseAsync(context, cancellationToken)) return [];
        var files = new DirectoryInfo(artifacts.Checkpoints).EnumerateFiles().ToList();
        var trials = await TrialsAsync(context, cancellationToken);
        var ended = from file in files
                    where TrialOf(file) is { } id && trials.TryGetValue(id, out var trial) && trial.State.IsFinal
                    select new Dated<FileInfo>(file, new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero));
        return [.. options.Value.Checkpoints.ExpiredOf(ended, clock.GetUtcNow()).Select(expired => new Leftover(expired.Item, $"its trial has ended; {expired.Why}"))];
    }

    /// <summary>Null: it is needed, or somebody's own, since it carries no trial's id.</summary>
    private string? WhyNotNeeded(FileInfo file, Dictionary<Guid, TrialFiles> trials)
    {
        if (TrialOf(file) is not { } id) return null;
        if (!trials.TryGetValue(id, out var trial)) return "its job was deleted";
        if (!file.FullName.StartsWith(artifacts.Weights + Path.DirectorySeparatorChar, StringComparison.Ordinal)) return null;
        if (trial.WeightsPath is { } announced && Path.GetFullPath(announced, artifacts.Root) == file.FullName) return null;
        if (trial.State.IsFinal) return "an attempt left it that did not live to announce it";
        return AttemptOf(file) < trial.Attempt ? "of an attempt that another has taken over from" : null;
    }

    private static async Task<Dictionary<Guid, TrialFiles>> TrialsAsync(ServiceDbContext context, CancellationToken cancellationToken)
        => await context.Trials.Select(t => new TrialFiles(t.Id, t.State, t.Attempt, t.WeightsPath)).ToDictionaryAsync(trial => trial.Id, cancellationToken);

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

    private static Guid? TrialOf(FileInfo file) => Guid.TryParse(file.Name.Split('.')[0], out var trial) ? trial : null;

    /// <summary>Null: the name does not say, so it is no attempt's own.</summary>
    private static int? AttemptOf(FileInfo file)
        => file.Name.Split('.') is [_, var number, _] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var attempt) ? attempt : null;

    [LoggerMessage(2401, LogLevel.Warning, "The artifacts in {Folder} were made with another database; orphans among them are left alone. Delete {IdentityFile} if they belong to this one")]
    private partial void LogOfAnotherDatabase(string folder, string identityFile);

    private sealed record TrialFiles(Guid Id, TrialState State, int Attempt, string? WeightsPath);
}
