using System.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NeuralCapacitance.Infrastructure.Queue;
using Npgsql;

namespace NeuralCapacitance.Infrastructure.Postgres;

/// <summary>Brings the schema up to date before anything else starts. Nodes that start together take turns under an advisory lock.</summary>
internal sealed partial class DatabaseMigration(
    NpgsqlDataSource dataSource,
    IDbContextFactory<ServiceDbContext> contexts,
    OutageRetry retry,
    ILogger<DatabaseMigration> logger) : IHostedLifecycleService
{
    /// <summary>Any number that nothing else in this database uses: "NCAP" in ASCII.</summary>
    private const long LockKey = 0x4E434150;

    public Task StartingAsync(CancellationToken cancellationToken) => retry.RunAsync(MigrateAsync, cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await ExecuteAsync(connection, "SELECT pg_advisory_lock($1)", cancellationToken);
        try
        {
            await using var context = await contexts.CreateDbContextAsync(cancellationToken);
            // EF Core would look for the table by an error that it logs.
            await context.GetService<IHistoryRepository>().CreateIfNotExistsAsync(cancellationToken);
            await HandWrittenSchema.TakeOverAsync(context, cancellationToken);
            var pending = (await context.Database.GetPendingMigrationsAsync(cancellationToken)).ToList();
            await context.Database.MigrateAsync(cancellationToken);
            await FormerQueue.DropAsync(connection, cancellationToken);
            HangfireStorage.Install(connection);
            if (pending.Count > 0) LogMigrated(string.Join(", ", pending));
        }
        finally
        {
            // A connection that was lost has let go of the lock, and to use it would hide why.
            if (connection.State == ConnectionState.Open) await ExecuteAsync(connection, "SELECT pg_advisory_unlock($1)", CancellationToken.None);
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = LockKey } }, CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    [LoggerMessage(2011, LogLevel.Information, "Migrated the database: {Migrations}")]
    private partial void LogMigrated(string migrations);
}
