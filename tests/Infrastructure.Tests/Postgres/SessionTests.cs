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
