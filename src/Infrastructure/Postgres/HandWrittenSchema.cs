using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace NeuralCapacitance.Infrastructure.Postgres;

/// <summary>
/// Takes over a database that the hand-written migrations made, before EF Core wrote them. The last of them left what the first of EF Core's
/// makes in an empty database, so that one counts as applied. Their own lines in the history stay: a node of the version before, which may still run, looks for them.
/// </summary>
internal static class HandWrittenSchema
{
    /// <summary>In the order in which they were applied.</summary>
    private static readonly string[] Migrations =
        ["20261123000000_Initial", "20261124000200_Scores", "20261124000300_Races", "20261124000400_Finalizations", "20261124000500_FinishedJobs"];

    /// <summary>Does nothing to a database that is empty, or was taken over already. The history's table is there.</summary>
    /// <exception cref="DatabaseTooOldException">Not all of them were applied.</exception>
    public static async Task TakeOverAsync(ServiceDbContext context, CancellationToken cancellationToken)
    {
        var first = context.Database.GetMigrations().First();
        var applied = (await context.Database.GetAppliedMigrationsAsync(cancellationToken)).ToHashSet(StringComparer.Ordinal);
        if (applied.Contains(first) || !applied.Overlaps(Migrations)) return;
        if (Array.Find(Migrations, migration => !applied.Contains(migration)) is { } missing) throw new DatabaseTooOldException(missing);
        var row = context.GetService<IHistoryRepository>().GetInsertScript(new HistoryRow(first, ProductInfo.GetVersion()));
        await context.Database.ExecuteSqlRawAsync(row, cancellationToken);
    }
}

/// <summary>The database's schema is older than any that this version can bring up to date.</summary>
public sealed class DatabaseTooOldException(string missing)
    : Exception($"The database lacks the migration {missing}. Start a version from before 2026-11-30 on it once, which applies it, then this one.");
