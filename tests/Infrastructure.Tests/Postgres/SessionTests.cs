using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace NeuralCapacitance.Infrastructure.Tests.Postgres;

public sealed class SessionTests
{
    [Theory]
    [InlineData("", "1min")]
    [InlineData(";Options=-c idle_in_transaction_session_timeout=5min", "5min")]
    public async Task Transaction_of_a_frozen_worker_ends_after_a_minute_or_as_the_connection_string_says(string given, string timeout)
    {
        await using var node = await ServiceNode.StartAsync(await PostgresFixture.NewDatabaseAsync() + given);

        await using var show = node.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand("SHOW idle_in_transaction_session_timeout");

        (await show.ExecuteScalarAsync()).ShouldBe(timeout);
    }
}
