using Npgsql;

namespace NeuralCapacitance.Infrastructure.Tests.Postgres;

/// <summary>A database's schema, as Postgres itself describes it.</summary>
internal static class SchemaCatalogue
{
    private const string Catalogue =
        """
        SELECT format('column %s.%s %s %s default=%s identity=%s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
                      CASE WHEN a.attnotnull THEN 'not null' ELSE 'null' END, pg_get_expr(d.adbin, d.adrelid), a.attidentity)
        FROM pg_class c
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.relname NOT LIKE 'qrtz%' AND c.relname <> '__EFMigrationsHistory'
        UNION ALL
        SELECT format('constraint %s.%s %s', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid))
        FROM pg_constraint c
        WHERE c.connamespace = 'public'::regnamespace AND c.conrelid::regclass::text NOT LIKE '%qrtz%' AND c.conrelid::regclass::text NOT LIKE '%EFMigrations%'
        UNION ALL
        SELECT format('index %s', indexdef) FROM pg_indexes
        WHERE schemaname = 'public' AND tablename NOT LIKE 'qrtz%' AND tablename <> '__EFMigrationsHistory'
        ORDER BY 1
        """;

    /// <summary>A line for each column, constraint and index of our own tables, in alphabetical order.</summary>
    public static async Task<IReadOnlyList<string>> DescribeAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(Catalogue, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync()) lines.Add(reader.GetString(0));
        return lines;
    }
}
