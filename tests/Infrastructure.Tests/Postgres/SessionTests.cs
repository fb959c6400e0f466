using Microsoft.Extensions.DependencyInjection;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Infrastructure.Queue;
using NeuralCapacitance.Infrastructure.Tests.Queue;
using Npgsql;

namespace NeuralCapacitance.Infrastructure.Tests.Postgres;

public sealed class SessionTests
{
    [Theory]
    [InlineData("", "20s")]
    [InlineData(";Options=-c idle_in_transaction_session_timeout=5min", "5min")]
    public async Task Transaction_of_a_frozen_worker_ends_after_a_while_or_as_the_connection_string_says(string given, string timeout)
    {
        await using var node = await ServiceNode.StartAsync(await PostgresFixture.NewDatabaseAsync() + given);

        await using var show = node.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand("SHOW idle_in_transaction_session_timeout");

        (await show.ExecuteScalarAsync()).ShouldBe(timeout);
    }

    [Theory]
    [InlineData(null, 30)]
    [InlineData("12", 12)]
    public async Task Pool_is_as_large_as_the_setting_says(string? setting, int size)
    {
        var unsized = new NpgsqlConnectionStringBuilder(await PostgresFixture.NewDatabaseAsync());
        unsized.Remove("Maximum Pool Size");
        (string, string)[] settings = setting is null ? [] : [("Database:MaxPoolSize", setting)];
        await using var node = await ServiceNode.StartAsync(unsized.ConnectionString, configure: null, settings);

        PoolOf(node).ShouldBe(size);
    }

    [Theory]
    [InlineData("Maximum Pool Size")]
    [InlineData("maxpoolsize")]
    public async Task Pool_of_a_connection_string_that_tells_its_size_has_it(string key)
    {
        var unsized = new NpgsqlConnectionStringBuilder(await PostgresFixture.NewDatabaseAsync());
        unsized.Remove("Maximum Pool Size");
        await using var node = await ServiceNode.StartAsync($"{unsized.ConnectionString};{key}=17", configure: null, ("Database:MaxPoolSize", "12"));

        PoolOf(node).ShouldBe(17);
    }

    [Fact]
    public async Task Idle_node_holds_far_fewer_connections_than_its_pool_has()
    {
        var database = await PostgresFixture.NewDatabaseAsync();
        await using var node = await WorkerNodes.StartAsync(database, TimeSpan.FromMilliseconds(200));
        var job = await node.Jobs.SubmitAsync(candidates: 4);
        await node.WaitForAsync(job.Id, JobState.Succeeded);

        await using var count = node.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()");

        ((long)(await count.ExecuteScalarAsync())!).ShouldBeLessThan(20, "the listener and Hangfire are among them");
    }

    private static int PoolOf(ServiceNode node) => new NpgsqlConnectionStringBuilder(node.Services.GetRequiredService<NpgsqlDataSource>().ConnectionString).MaxPoolSize;

    [Fact]
    public async Task Node_whose_connection_is_lost_while_it_migrates_tries_again()
    {
        var database = await PostgresFixture.NewDatabaseAsync();
        await using (await ServiceNode.StartAsync(database))
        {
            // The tables are there from now on.
        }
        await using var source = NpgsqlDataSource.Create(database);
        await using var connection = await source.OpenConnectionAsync();
        await using var held = await connection.BeginTransactionAsync();
        await using (var take = new NpgsqlCommand("LOCK TABLE hangfire.schema", connection, held)) await take.ExecuteNonQueryAsync();
        var starting = ServiceNode.StartAsync(database);

        await using var lose = source.CreateCommand(
            """
            SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
            """);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while ((long)(await lose.ExecuteScalarAsync(patience.Token))! == 0) await Task.Delay(20, patience.Token);
        await held.RollbackAsync();

        await using var node = await starting;
        (await node.Jobs.ListAsync(null, 1, null, default)).Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task Worker_takes_trials_although_a_frozen_one_holds_the_queues_lock()
    {
        var database = await PostgresFixture.NewDatabaseAsync();
        await using var first = await ServiceNode.StartAsync(database);
        await using var frozen = await first.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync();
        await using var held = await frozen.BeginTransactionAsync();
        await using var take = new NpgsqlCommand($"SELECT pg_advisory_xact_lock({MissingSignals.LockKey})", frozen, held);
        await take.ExecuteNonQueryAsync();

        await using var successor = await WorkerNodes.StartAsync(database, TimeSpan.FromMilliseconds(200));

        var job = await successor.Jobs.SubmitAsync(candidates: 2);
        await successor.WaitForAsync(job.Id, JobState.Succeeded);
    }
}
