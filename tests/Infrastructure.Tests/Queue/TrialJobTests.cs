using Hangfire;
using Hangfire.Storage.Monitoring;
using Microsoft.Extensions.DependencyInjection;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Infrastructure.Queue;
using NeuralCapacitance.Infrastructure.Trials;
using Npgsql;

namespace NeuralCapacitance.Infrastructure.Tests.Queue;

/// <summary>What Hangfire does with signals, on workers of this process.</summary>
public sealed class TrialJobTests : IAsyncLifetime
{
    private static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Endless = TimeSpan.FromMinutes(10);

    private string _database = null!;
    private ServiceNode _client = null!;

    private JobStorage Storage => _client.Services.GetRequiredService<JobStorage>();

    public async Task InitializeAsync()
    {
        _database = await PostgresFixture.NewDatabaseAsync();
        _client = await ServiceNode.StartAsync(_database);
    }

    public async Task DisposeAsync() => await _client.DisposeAsync();

    [Fact]
    public async Task Failed_trial_is_a_failed_job_with_its_reason_and_is_not_repeated()
    {
        await using var worker = await ServiceNode.StartAsync(_database, services => services.AddTrialExecution<FailingExecutor>(1));
        var job = await _client.Jobs.SubmitAsync(candidates: 2);
        await _client.WaitForAsync(job.Id, JobState.Failed);

        var failed = await EventuallyAsync(() => Storage.GetMonitoringApi().FailedJobs(0, 10), jobs => jobs.Count == 2);

        failed.ShouldAllBe(entry => entry.Value.ExceptionMessage == "storage: the disk is full");
        var details = Storage.GetMonitoringApi().JobDetails(failed[0].Key);
        details.History.Count(entry => entry.StateName == "Processing").ShouldBe(1);
        await using var expiring = _client.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand("SELECT count(*) FROM hangfire.job WHERE statename = 'Failed' AND expireat > now() AT TIME ZONE 'UTC'");
        (await expiring.ExecuteScalarAsync()).ShouldBe(2L);
        (await _client.Trials.ListAsync(job.Id, default)).ShouldAllBe(trial => trial.Attempt == 1);
    }

    [Fact]
    public async Task Signal_is_named_after_the_trial_that_it_ran()
    {
        await using var worker = await WorkerNodes.StartAsync(_database, Quick);
        var job = await _client.Jobs.SubmitAsync(candidates: 2);
        await _client.WaitForAsync(job.Id, JobState.Succeeded);

        var done = await EventuallyAsync(() => Storage.GetMonitoringApi().SucceededJobs(0, 10), jobs => jobs.Count >= 2);

        var notes = done.Select(entry => _client.Services.GetRequiredService<SignalNotes>().Find(entry.Value.Job)).OfType<SignalNote>().ToList();
        notes.Select(note => note.Name).ShouldBe(
            [$"candidate-0, seed 1 — synthetic (job {job.Id.ToString()[..8]}…)", $"candidate-1, seed 1 — synthetic (job {job.Id.ToString()[..8]}…)"], ignoreOrder: true);
        notes.Select(note => note.TrialId).ShouldBe((await _client.Trials.ListAsync(job.Id, default)).Select(trial => trial.Id), ignoreOrder: true);
        notes.ShouldAllBe(note => note.JobId == job.Id && note.Workers.Count == 1 && note.Workers[1].EndsWith(", cpu"));
    }

    [Fact]
    public async Task Server_that_Hangfire_starts_anew_runs_no_second_trial_in_a_slot()
    {
        await using var worker = await WorkerNodes.StartAsync(_database, Endless);
        var job = await _client.Jobs.SubmitAsync(candidates: 3);
        await _client.WaitForTrialsAsync(job.Id, TrialState.Running, count: 1);
        var first = Storage.GetMonitoringApi().Servers().ShouldHaveSingleItem().Name;

        await ExecuteAsync("DELETE FROM hangfire.server");
        await EventuallyAsync(() => Storage.GetMonitoringApi().Servers(), servers => servers.Any(server => server.Name != first));
        _client.Services.GetRequiredService<TrialSignals>().Send(1);
        await EventuallyAsync(() => Storage.GetMonitoringApi().ProcessingCount(), processing => processing == 2);

        (await _client.Trials.ListAsync(job.Id, default)).Count(trial => trial.State == TrialState.Running).ShouldBe(1);
        worker.Services.GetRequiredService<Firings>().Owners.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Hosts_of_one_process_do_not_disturb_each_other()
    {
        var elsewhere = await PostgresFixture.NewDatabaseAsync();
        await using var worker = await WorkerNodes.StartAsync(_database, TimeSpan.FromMilliseconds(100));
        var job = await _client.Jobs.SubmitAsync(candidates: 2);
        await using (var other = await WorkerNodes.StartAsync(elsewhere, Quick))
        {
            var others = await other.Jobs.SubmitAsync(candidates: 2);
            await other.WaitForAsync(others.Id, JobState.Succeeded);
        }

        await _client.WaitForAsync(job.Id, JobState.Succeeded);

        (await _client.Trials.ListAsync(job.Id, default)).ShouldAllBe(trial => trial.Attempt == 1);
    }

    [Fact]
    public async Task Worker_takes_a_trial_that_was_announced_while_it_was_idle_without_waiting_for_its_poll()
    {
        await using var worker = await ServiceNode.StartAsync(
            _database,
            services => services.AddSingleton(new Pace(Quick)).AddTrialExecution<EpochExecutor>(1),
            ("Queue:PollInterval", "01:00:00"),
            ("Queue:ReconcileInterval", "01:00:00"));
        await EventuallyAsync(() => Storage.GetMonitoringApi().Servers(), servers => servers.Count == 1);

        var job = await _client.Jobs.SubmitAsync(candidates: 3);
        await _client.WaitForAsync(job.Id, JobState.Succeeded);

        await _client.ShouldBeWholeAsync(job.Id);
    }

    [Fact]
    public async Task Tables_of_the_former_queue_are_dropped()
    {
        var database = await PostgresFixture.NewDatabaseAsync();
        await using (var source = NpgsqlDataSource.Create(database))
        await using (var create = source.CreateCommand("CREATE TABLE qrtz_job_details (id int PRIMARY KEY); CREATE TABLE qrtz_triggers (id int REFERENCES qrtz_job_details); CREATE TABLE qrtzx (id int)"))
            await create.ExecuteNonQueryAsync();

        await using var node = await ServiceNode.StartAsync(database);

        await using var left = node.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand("SELECT string_agg(tablename, ' ') FROM pg_tables WHERE tablename LIKE 'qrtz%'");
        (await left.ExecuteScalarAsync()).ShouldBe("qrtzx");
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = _client.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<T> EventuallyAsync<T>(Func<T> read, Func<T, bool> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var value = read();
            if (holds(value)) return value;
            await Task.Delay(50, patience.Token);
        }
    }

    private sealed class FailingExecutor(TrialStore trials) : ITrialExecutor
    {
        public async Task ExecuteAsync(TrialFiring firing, CancellationToken cancellationToken)
        {
            if (await trials.ClaimNextAsync(firing.Owner, firing.Signal, "cpu", cancellationToken) is { } claimed)
                await trials.FailAsync(claimed.Lease, new Failure("storage", "the disk is full"), cancellationToken);
        }
    }
}
