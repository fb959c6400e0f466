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
