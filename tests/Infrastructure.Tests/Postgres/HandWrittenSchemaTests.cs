using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Infrastructure.Postgres;
using Npgsql;

namespace NeuralCapacitance.Infrastructure.Tests.Postgres;

public sealed class HandWrittenSchemaTests : IAsyncLifetime
{
    private static readonly string[] Tables = ["decisions", "idempotency_keys", "jobs", "observations", "trial_scores", "trials"];

    private string _database = null!;

    public async Task InitializeAsync()
    {
        _database = await PostgresFixture.NewDatabaseAsync();
        // The dump empties the search path of its session.
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_database) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var restore = new NpgsqlCommand(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Postgres", "Dumps", "hand-written-migrations.sql")), connection);
        await restore.ExecuteNonQueryAsync();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Every_row_stays_as_it_was()
    {
        var columns = await ReadAsync(
            $"""
            SELECT format('%s: SELECT %s FROM %I', table_name, string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position), table_name)
            FROM information_schema.columns
            WHERE table_schema = 'public' AND table_name IN ({string.Join(", ", Tables.Select(table => $"'{table}'"))})
            GROUP BY table_name
            """);
        columns.Select(line => line.Split(':')[0]).Order(StringComparer.Ordinal).ShouldBe(Tables);
        var queries = columns.Select(line => $"SELECT row_to_json(t)::text FROM ({line.Split(": ", 2)[1]}) t ORDER BY 1").ToList();
        var before = new List<IReadOnlyList<string>>();
        foreach (var query in queries) before.Add(await ReadAsync(query));
        before.ShouldAllBe(rows => rows.Count > 0);

        await using (await ServiceNode.StartAsync(_database))
        {
        }

        for (var i = 0; i < queries.Count; i++) (await ReadAsync(queries[i])).ShouldBe(before[i]);
    }

    [Fact]
    public async Task Its_schema_becomes_that_of_a_new_database()
    {
        var made = await PostgresFixture.NewDatabaseAsync();
        foreach (var database in new[] { made, _database })
        {
            await using var node = await ServiceNode.StartAsync(database);
            await using var context = await node.Services.GetRequiredService<IDbContextFactory<ServiceDbContext>>().CreateDbContextAsync();
            (await context.Database.GetPendingMigrationsAsync()).ShouldBeEmpty();
        }

        var schema = await SchemaCatalogue.DescribeAsync(_database);
        schema.ShouldBe(await SchemaCatalogue.DescribeAsync(made));
        schema.ShouldContain(line => line.StartsWith("column observations.id bigint not null", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Work_goes_on_where_it_was()
    {
        await using (await ServiceNode.StartAsync(_database))
        {
        }

        // A second start finds it taken over.
        await using var node = await ServiceNode.StartAsync(_database);
        var active = (await node.Jobs.ListActiveAsync(default)).ShouldHaveSingleItem();
        active.Spec.Priority.ShouldBe(9);
        var trials = await node.Trials.ListAsync(active.Id, default);
        trials.Select(trial => (trial.State, trial.EpochsTarget)).ShouldBe([(TrialState.Running, 500), (TrialState.Queued, 500)]);
        var known = await node.Trials.ObservationsAsync(active.Id, 0, 100, default);

        var claimed = (await node.Trials.ClaimAsync()).ShouldNotBeNull();
        claimed.Trial.Id.ShouldBe(trials[1].Id);
        await node.Trials.RecordAsync(claimed.Lease, claimed.Lease.Epoch(0), default);

        var now = await node.Trials.ObservationsAsync(active.Id, 0, 100, default);
        now.Count.ShouldBe(known.Count + 1);
        now[^1].Id.ShouldBe(now.Max(observation => observation.Id));
        (await node.Jobs.SubmitAsync(candidates: 2)).State.ShouldBe(JobState.Queued);
    }

    [Fact]
    public async Task A_database_that_lacks_one_of_its_migrations_is_refused_untouched()
    {
        await ReadAsync("DELETE FROM \"__EFMigrationsHistory\" WHERE \"MigrationId\" = '20261124000500_FinishedJobs' RETURNING \"MigrationId\"");

        var refused = await Should.ThrowAsync<DatabaseTooOldException>(() => ServiceNode.StartAsync(_database));

        refused.Message.ShouldContain("20261124000500_FinishedJobs");
        (await ReadAsync("SELECT \"MigrationId\" FROM \"__EFMigrationsHistory\"")).Count.ShouldBe(4);
    }

    private async Task<IReadOnlyList<string>> ReadAsync(string query)
    {
        await using var connection = new NpgsqlConnection(_database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(query, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync()) lines.Add(reader.GetString(0));
        return lines;
    }
}
