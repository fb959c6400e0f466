using Npgsql;

namespace NeuralCapacitance.Infrastructure.Postgres;

/// <summary>A database of before Hangfire has the tables of the queue before it. They held signals only, so nothing is lost with them.</summary>
internal static class FormerQueue
{
    private const string Drop =
        """
        DO $$
        DECLARE former text;
        BEGIN
            FOR former IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND tablename LIKE 'qrtz\_%'
            LOOP
                EXECUTE format('DROP TABLE IF EXISTS %I CASCADE', former);
            END LOOP;
        END $$
        """;

    public static async Task DropAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Drop, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
