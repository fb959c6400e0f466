using NeuralCapacitance.Infrastructure.Postgres;
using Npgsql;

namespace NeuralCapacitance.Infrastructure.Tests.Postgres;

public sealed class OutageRetryTests
{
    [Theory]
    [InlineData(PostgresErrorCodes.AdminShutdown, true)]
    [InlineData(PostgresErrorCodes.CrashShutdown, true)]
    [InlineData(PostgresErrorCodes.CannotConnectNow, true)]
    [InlineData(PostgresErrorCodes.TooManyConnections, true)]
    [InlineData("25P03", true)]
    [InlineData(PostgresErrorCodes.UniqueViolation, false)]
    [InlineData(PostgresErrorCodes.UndefinedTable, false)]
    public void An_outage_passes_and_a_mistake_does_not(string code, bool passes)
    {
        var answer = new PostgresException("said the server", "FATAL", "FATAL", code);

        OutageRetry.Passes(answer).ShouldBe(passes);
        OutageRetry.Passes(new InvalidOperationException("wrapped", answer)).ShouldBe(passes);
    }

    [Fact]
    public async Task A_connection_lost_between_two_commands_of_a_transaction_is_an_outage()
    {
        await using var dataSource = NpgsqlDataSource.Create(await PostgresFixture.NewDatabaseAsync());
        await using var connection = await dataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await transaction.RollbackAsync();
        await using var command = connection.CreateCommand();

        // What the driver says of a transaction that ended without being asked to: the server's last words may come with an answer.
        var lost = Should.Throw<InvalidOperationException>(() => command.Transaction = transaction);

        OutageRetry.Passes(lost).ShouldBeTrue();
        OutageRetry.Passes(new InvalidOperationException("of another")).ShouldBeFalse();
    }

    [Fact]
    public void What_has_nothing_to_do_with_the_database_is_no_outage()
    {
        OutageRetry.Passes(new IOException()).ShouldBeFalse();
        OutageRetry.Passes(null).ShouldBeFalse();
    }
}
