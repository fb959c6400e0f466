using Hangfire;
using Hangfire.Common;
using Hangfire.PostgreSql;
using Npgsql;

namespace NeuralCapacitance.Infrastructure.Queue;

/// <summary>Hangfire's tables, in a schema of their own beside ours, over the same pool of connections.</summary>
internal static class HangfireStorage
{
    public const string Schema = "hangfire";

    /// <summary>A lock of a process that died holding it; Hangfire takes some while it tidies its tables up.</summary>
    private static readonly TimeSpan DistributedLockTimeout = TimeSpan.FromMinutes(1);

    public static PostgreSqlStorage Create(NpgsqlDataSource dataSource, QueueOptions options) => new(new Connections(dataSource), new PostgreSqlStorageOptions
    {
        SchemaName = Schema,
        PrepareSchemaIfNecessary = false,
        // A cancelled LISTEN can hang (npgsql#5975); free slots are woken by the change feed instead.
        EnableLongPolling = false,
        QueuePollInterval = options.PollInterval,
        UseSlidingInvisibilityTimeout = true,
        InvisibilityTimeout = options.CheckInWindow,
        DistributedLockTimeout = DistributedLockTimeout,
    });

    /// <summary>Ours alone. The global ones would repeat a failed trial, which is the worker's to decide.</summary>
    public static IJobFilterProvider Filters() => new JobFilterCollection { new StatisticsHistoryAttribute(), new FailedJobExpiry() };

    /// <summary>Makes the tables, or brings them up to date. Under the lock of our own migrations: two at once would be in each other's way.</summary>
    public static void Install(NpgsqlConnection connection) => PostgreSqlObjectsInstaller.Install(connection, Schema);

    private sealed class Connections(NpgsqlDataSource dataSource) : IConnectionFactory
    {
        public NpgsqlConnection GetOrCreateConnection() => dataSource.CreateConnection();
    }
}
