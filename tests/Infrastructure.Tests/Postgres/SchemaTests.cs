using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NeuralCapacitance.Infrastructure.Postgres;

namespace NeuralCapacitance.Infrastructure.Tests.Postgres;

public sealed class SchemaTests
{
    [Fact]
    public void Model_has_no_change_that_no_migration_makes()
    {
        using var context = new DesignTimeContextFactory().CreateDbContext([]);
        context.Database.HasPendingModelChanges().ShouldBeFalse("`dotnet ef migrations add NAME --project src/Infrastructure --output-dir Postgres/Migrations` writes the migration");
    }

    [Fact]
    public async Task Migrations_can_be_taken_back()
    {
        var database = await PostgresFixture.NewDatabaseAsync();
        await using var context = new ServiceDbContext(new DbContextOptionsBuilder<ServiceDbContext>().UseNpgsql(database).Options);
        await context.Database.MigrateAsync();
        await context.Database.MigrateAsync(Microsoft.EntityFrameworkCore.Migrations.Migration.InitialDatabase);
        (await SchemaCatalogue.DescribeAsync(database)).ShouldBeEmpty();
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
}
