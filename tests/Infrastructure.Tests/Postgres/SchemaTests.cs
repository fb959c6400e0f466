using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NeuralCapacitance.Infrastructure.Postgres;
using Npgsql;

namespace NeuralCapacitance.Infrastructure.Tests.Postgres;

public sealed class SchemaTests
{
    /// <summary>Every column, constraint and index of our own tables, as Postgres itself describes it.</summary>
    private const string Catalogue =
        """
        SELECT format('column %s.%s %s %s default=%s identity=%s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
                      CASE WHEN a.attnotnull THEN 'not null' ELSE 'null' END, pg_get_expr(d.adbin, d.adrelid), a.attidentity)
        FROM pg_class c
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.relname <> '__EFMigrationsHistory'
        UNION ALL
        SELECT format('constraint %s.%s %s', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid))
        FROM pg_constraint c
        WHERE c.connamespace = 'public'::regnamespace AND c.conrelid::regclass::text NOT LIKE '%EFMigrations%'
        UNION ALL
        SELECT format('index %s', indexdef) FROM pg_indexes
        WHERE schemaname = 'public' AND tablename <> '__EFMigrationsHistory'
        ORDER BY 1
        """;

    [Fact]
    public async Task Migrations_produce_exactly_the_schema_of_the_model()
    {
        var migrated = await PostgresFixture.NewDatabaseAsync();
        await using (await ServiceNode.StartAsync(migrated))
        {
        }
        var modelled = await PostgresFixture.NewDatabaseAsync();
        await using (var context = new ServiceDbContext(new DbContextOptionsBuilder<ServiceDbContext>().UseNpgsql(modelled).Options))
            (await context.Database.EnsureCreatedAsync()).ShouldBeTrue();

        var schema = await DescribeAsync(migrated);
        schema.ShouldBe(await DescribeAsync(modelled));
        schema.ShouldContain(line => line.StartsWith("column observations.id bigint not null", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Migrations_can_be_taken_back()
    {
        var database = await PostgresFixture.NewDatabaseAsync();
        await using var context = new ServiceDbContext(new DbContextOptionsBuilder<ServiceDbContext>().UseNpgsql(database).Options);
        await context.Database.MigrateAsync();
        await context.Database.MigrateAsync(Microsoft.EntityFrameworkCore.Migrations.Migration.InitialDatabase);
        (await DescribeAsync(database)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Nodes_that_start_together_all_find_a_migrated_database()
    {
        var database = await PostgresFixture.NewDatabaseAsync();
        var nodes = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => ServiceNode.StartAsync(database)));
        foreach (var node in nodes)
        {
            await using var context = await node.Services.GetRequiredService<IDbContextFactory<ServiceDbContext>>().CreateDbContextAsync();
            (await context.Database.GetPendingMigrationsAsync()).ShouldBeEmpty();
            await node.Jobs.SubmitAsync(candidates: 2);
        }
        foreach (var node in nodes) await node.DisposeAsync();
    }

    private static async Task<IReadOnlyList<string>> DescribeAsync(string connectionString)
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
