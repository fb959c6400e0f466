using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using NeuralCapacitance.Infrastructure.Postgres.Embedded;
using Npgsql;

namespace NeuralCapacitance.Infrastructure.Tests;

/// <summary>
/// A fresh, empty database for a test class, on one private PostgreSQL for the whole test run. Other test projects link this file:
/// <c>&lt;Compile Include="../Infrastructure.Tests/PostgresFixture.cs" /&gt;</c>.
/// </summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    /// <summary>Settings of a server whose data nobody will miss.</summary>
    public static IReadOnlyDictionary<string, string> FastSettings { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["fsync"] = "off",
        ["full_page_writes"] = "off",
        ["synchronous_commit"] = "off",
        ["max_connections"] = "300",
        ["shared_buffers"] = "32MB",
    };

    private static readonly Lazy<Task<EmbeddedPostgres>> Cluster = new(StartClusterAsync);

    /// <summary>Null until the fixture is initialized.</summary>
    public string ConnectionString { get; private set; } = null!;

    /// <summary>Another fresh database on the same server.</summary>
    public static async Task<string> NewDatabaseAsync()
    {
        var cluster = await Cluster.Value;
        var name = $"test_{Guid.NewGuid():N}";
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(cluster.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var create = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
        await create.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(cluster.ConnectionString) { Database = name, MaxPoolSize = 40 }.ConnectionString;
    }

    /// <summary>Whether the server lets anybody into the database; where not, it ends the connections that there are.</summary>
    public static async Task AllowConnectionsAsync(string connectionString, bool allowed)
    {
        var name = new NpgsqlConnectionStringBuilder(connectionString).Database;
        await using var server = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { Database = "postgres", Pooling = false });
        await using var allow = server.CreateCommand($"ALTER DATABASE {name} ALLOW_CONNECTIONS {allowed}");
        await allow.ExecuteNonQueryAsync();
        if (allowed) return;
        await using var end = server.CreateCommand($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
        await end.ExecuteNonQueryAsync();
    }

    public async Task InitializeAsync() => ConnectionString = await NewDatabaseAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    private static async Task<EmbeddedPostgres> StartClusterAsync()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"nc-tests-{Guid.NewGuid():N}");
        var cluster = await EmbeddedPostgres.StartAsync(folder, NullLogger.Instance, FastSettings);
        StopWithThisProcess(folder);
        return cluster;
    }

    /// <summary>xunit 2 has no fixture for a whole assembly, and the test host is killed soon after the last test: a process of its own waits and cleans up.</summary>
    private static void StopWithThisProcess(string folder)
    {
        const string script =
            """
            exec </dev/null >/dev/null 2>&1
            tail --pid="$0" -f /dev/null
            kill -INT "$(head -n 1 "$1/data/postmaster.pid")"
            while [ -e "$1/data/postmaster.pid" ]; do sleep 0.1; done
            rm -rf "$1" "$1.lock"
            """;
        using var watcher = Process.Start("setsid", ["sh", "-c", script, Environment.ProcessId.ToString(CultureInfo.InvariantCulture), folder]);
    }
}
