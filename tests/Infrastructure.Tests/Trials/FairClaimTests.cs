using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using NeuralCapacitance.Domain.Access;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Infrastructure.Access;
using NeuralCapacitance.Infrastructure.Trials;
using Npgsql;

namespace NeuralCapacitance.Infrastructure.Tests.Trials;

/// <summary>Owners take turns inside a priority. One database per test: a claim looks at all jobs.</summary>
public sealed class FairClaimTests : IAsyncLifetime
{
    private ServiceNode _node = null!;

    public async Task InitializeAsync() => _node = await ServiceNode.StartAsync(await PostgresFixture.NewDatabaseAsync());

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task Beside_a_backlog_of_500_trials_another_owner_gets_every_second_slot()
    {
        var backlog = await SubmitAsync("key:busy", candidates: 100, repeats: 5);
        var other = await SubmitAsync("key:other", candidates: 10);

        var served = new List<Guid>();
        for (var i = 0; i < 24; i++) served.Add(await ServeAsync());

        served[..20].Where((_, i) => i % 2 == 0).ShouldAllBe(job => job == backlog.Id);
        served[..20].Where((_, i) => i % 2 == 1).ShouldAllBe(job => job == other.Id);
        served[20..].ShouldAllBe(job => job == backlog.Id, "nobody else waits");
    }

    [Fact]
    public async Task Who_has_the_fewest_trials_running_comes_first()
    {
        await SubmitAsync("key:busy", candidates: 20);
        for (var i = 0; i < 4; i++) await _node.Trials.ClaimAsync();
        var late = await SubmitAsync("key:late", candidates: 10);

        var served = new List<Guid>();
        for (var i = 0; i < 6; i++) served.Add((await _node.Trials.ClaimAsync())!.Trial.JobId);

        served[..4].ShouldAllBe(job => job == late.Id, "until both have four");
        served[4..].Count(job => job == late.Id).ShouldBe(1, "then in turns");
    }

    [Fact]
    public async Task Inside_an_owner_the_oldest_job_comes_first()
    {
        var first = await SubmitAsync("key:one", candidates: 2);
        var second = await SubmitAsync("key:one", candidates: 2);
        var other = await SubmitAsync("key:two", candidates: 1);

        var served = new List<Guid>();
        for (var i = 0; i < 5; i++) served.Add(await ServeAsync());

        served.ShouldBe([first.Id, other.Id, first.Id, second.Id, second.Id]);
    }

    [Fact]
    public async Task A_higher_priority_comes_before_any_turn()
    {
        await SubmitAsync("key:patient", candidates: 2);
        var urgent = await SubmitAsync("key:urgent", candidates: 4, priority: 1);

        for (var i = 0; i < 4; i++) (await _node.Trials.ClaimAsync())!.Trial.JobId.ShouldBe(urgent.Id);
    }

    [Fact]
    public async Task What_others_are_claiming_is_passed_by_and_the_next_priority_served()
    {
        var urgent = await SubmitAsync("key:one", candidates: 1, priority: 1);
        var normal = await SubmitAsync("key:two", candidates: 1);
        var database = _node.Services.GetRequiredService<NpgsqlDataSource>();
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var claiming = new NpgsqlCommand("SELECT 1 FROM trials WHERE job_id = $1 FOR UPDATE", connection, transaction) { Parameters = { new() { Value = urgent.Id } } };
        await claiming.ExecuteNonQueryAsync();

        (await _node.Trials.ClaimAsync())!.Trial.JobId.ShouldBe(normal.Id);

        await transaction.RollbackAsync();
        (await _node.Trials.ClaimAsync())!.Trial.JobId.ShouldBe(urgent.Id);
    }

    [Fact]
    public async Task Many_who_claim_at_once_take_each_trial_once_and_leave_none()
    {
        foreach (var owner in (string[])["key:a", "key:b", "key:c"]) await SubmitAsync(owner, candidates: 10);

        var claims = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => Task.Run(() => _node.Trials.ClaimAsync())));

        claims.Select(claim => claim.ShouldNotBeNull().Trial.Id).ShouldBeUnique();
        (await _node.Trials.ClaimAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task With_5000_jobs_that_wait_a_claim_reads_one_trial()
    {
        var job = await SubmitAsync("key:many", candidates: 10);
        var database = _node.Services.GetRequiredService<NpgsqlDataSource>();
        await ExecuteAsync(database, $"""
            INSERT INTO jobs (id, state, priority, owner, given_spec, spec, problems, created_at, version)
            SELECT gen_random_uuid(), 'queued', n % 3, 'key:' || n % 20, given_spec, spec, problems, created_at, 1 FROM jobs, generate_series(1, 5000) n WHERE id = '{job.Id}';
            INSERT INTO trials (id, job_id, candidate_index, candidate, repeat, seed, state, attempt, epochs_done, epochs_target, notes)
            SELECT gen_random_uuid(), id, n, 'c' || n, 0, 1, 'queued', 0, 0, 5, ARRAY[]::text[] FROM jobs, generate_series(0, 9) n WHERE id <> '{job.Id}';
            ANALYZE jobs, trials
            """);
        // What runs by itself after a while: then the index alone tells of the jobs.
        await ExecuteAsync(database, "VACUUM jobs, trials");

        var plan = string.Join('\n', await ReadAsync(database, $"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF) {string.Format(CultureInfo.InvariantCulture, TrialClaims.Next, "'a worker'")}"));

        plan.ShouldNotContain("Seq Scan on trials", Case.Sensitive, plan);
        plan.ShouldMatch(@"ix_trials_queued on trials.*\(actual rows=1(\.00)? loops=1\)", plan);
    }

    private static async Task ExecuteAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<IReadOnlyList<string>> ReadAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await using var rows = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await rows.ReadAsync()) lines.Add(rows.GetString(0));
        return lines;
    }

    private async Task<Job> SubmitAsync(string owner, int candidates, int repeats = 1, int priority = 0)
        => (await _node.Jobs.CreateAsync(Specs.Of(candidates, repeats, priority), "{}", null, default, by: new Actor(new Caller(owner, owner, Role.Submit), null))).Job;

    /// <summary>As a single slot does: takes a trial, and ends it before it takes the next.</summary>
    private async Task<Guid> ServeAsync()
    {
        var claimed = (await _node.Trials.ClaimAsync())!;
        await _node.Trials.SucceedAsync(claimed.Lease, weightsPath: null, default);
        return claimed.Trial.JobId;
    }
}
