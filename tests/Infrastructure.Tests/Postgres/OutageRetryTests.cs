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
    public void What_has_nothing_to_do_with_the_database_is_no_outage()
    {
        OutageRetry.Passes(new InvalidOperationException("of another")).ShouldBeFalse();
        OutageRetry.Passes(new IOException()).ShouldBeFalse();
        OutageRetry.Passes(null).ShouldBeFalse();
    }
}
