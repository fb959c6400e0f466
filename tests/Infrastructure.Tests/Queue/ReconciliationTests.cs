using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Infrastructure.Postgres;
using NeuralCapacitance.Infrastructure.Queue;
using NeuralCapacitance.Infrastructure.Races;
using NeuralCapacitance.Infrastructure.Tests.Races;
using NeuralCapacitance.Infrastructure.Trials;
using Npgsql;

namespace NeuralCapacitance.Infrastructure.Tests.Queue;

public sealed class ReconciliationTests : IAsyncLifetime
{
    private string _database = null!;
    private ServiceNode _client = null!;

    private TrialSignals Signals => _client.Services.GetRequiredService<TrialSignals>();

    public async Task InitializeAsync()
    {
        _database = await PostgresFixture.NewDatabaseAsync();
        _client = await ServiceNode.StartAsync(_database);
    }

    public async Task DisposeAsync() => await _client.DisposeAsync();

    [Fact]
    public async Task Every_queued_trial_has_a_signal_from_the_transaction_that_made_it()
    {
        await _client.Jobs.SubmitAsync(candidates: 4, repeats: 2);
        (await Signals.CountPendingAsync(default)).ShouldBe(8);
    }

    [Fact]
    public async Task Signal_that_waited_for_hours_is_none_that_Quartz_sets_aside()
    {
        await _client.Jobs.SubmitAsync(candidates: 2);

        // Quartz' query for the next trigger skips one that is older than a minute, unless this column holds -1.
        await using var command = _client.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand("SELECT string_agg(misfire_instr::text, ' ') FROM qrtz_triggers");
        (await command.ExecuteScalarAsync()).ShouldBe("-1 -1");
    }

    [Fact]
    public async Task Large_job_waits_with_few_signals()
    {
        await _client.Jobs.SubmitAsync(candidates: 40, repeats: 3);
        (await Signals.CountPendingAsync(default)).ShouldBe(TrialSignals.MostPending);

        await NewReconciliation().RunOnceAsync(default);

        (await Signals.CountPendingAsync(default)).ShouldBe(TrialSignals.MostPending);
    }

    [Fact]
    public async Task Worker_goes_on_while_trials_wait_without_signals()
    {
        await using var worker = await WorkerNodes.StartAsync(_database, TimeSpan.FromMilliseconds(50));
        var job = await _client.Jobs.SubmitAsync(candidates: 4);
        await _client.WaitForTrialsAsync(job.Id, TrialState.Running, count: 1);
        await using (var dataSource = NpgsqlDataSource.Create(_database))
        await using (var lose = dataSource.CreateCommand(
            """
            DELETE FROM qrtz_simple_triggers WHERE trigger_name IN (SELECT trigger_name FROM qrtz_triggers WHERE trigger_state = 'WAITING');
            DELETE FROM qrtz_triggers WHERE trigger_state = 'WAITING'
            """)) await lose.ExecuteNonQueryAsync();

        await _client.WaitForAsync(job.Id, JobState.Succeeded);

        await _client.ShouldBeWholeAsync(job.Id);
    }

    [Fact]
    public async Task Trial_whose_claimer_died_during_a_cancel_is_cancelled()
    {
        var job = await _client.Jobs.SubmitAsync(candidates: 2);
        await _client.CancelWhileClaimedAsync(job.Id);
        (await _client.Jobs.FindAsync(job.Id, default))!.State.ShouldBe(JobState.Cancelling);

        await NewReconciliation().RunOnceAsync(default);

        (await _client.Jobs.FindAsync(job.Id, default))!.State.ShouldBe(JobState.Cancelled);
    }

    [Fact]
    public async Task Race_that_cannot_be_decided_stops_no_other()
    {
        var (before, broken, after) = (await _client.SubmitRaceAsync(2), await _client.SubmitRaceAsync(2), await _client.SubmitRaceAsync(2));
        await using (var dataSource = NpgsqlDataSource.Create(_database))
        await using (var stall = dataSource.CreateCommand(
            $"""
             UPDATE trials SET state = 'paused', epochs_done = 3;
             UPDATE jobs SET spec = jsonb_set(spec::jsonb, ARRAY['selection', 'predictor'], '"gone"') WHERE id = '{broken.Id}'
             """)) await stall.ExecuteNonQueryAsync();

        await NewReconciliation().RunOnceAsync(default);

        (await _client.Services.GetRequiredService<RaceStore>().StalledAsync(default)).ShouldBe([broken.Id]);
        foreach (var job in new[] { before, after })
            (await _client.Trials.ListAsync(job.Id, default)).ShouldAllBe(t => t.State == TrialState.Queued && t.EpochsTarget == 4);
    }

    [Fact]
    public async Task Lost_signals_are_replaced_once()
    {
        await _client.Jobs.SubmitAsync(candidates: 4);
        await using (var dataSource = NpgsqlDataSource.Create(_database))
        await using (var lose = dataSource.CreateCommand("DELETE FROM qrtz_simple_triggers; DELETE FROM qrtz_triggers")) await lose.ExecuteNonQueryAsync();
        (await Signals.CountPendingAsync(default)).ShouldBe(0);

        await Task.WhenAll(NewReconciliation().RunOnceAsync(default), NewReconciliation().RunOnceAsync(default));
        await NewReconciliation().RunOnceAsync(default);

        (await Signals.CountPendingAsync(default)).ShouldBe(4);
    }

    [Fact]
    public async Task Trial_whose_firing_is_gone_is_queued_again_at_the_second_look()
    {
        var job = await _client.Jobs.SubmitAsync(candidates: 2);
        var claimed = (await _client.Trials.ClaimAsync("a firing that Quartz knows nothing of"))!;
        var reconciliation = NewReconciliation();

        await reconciliation.RunOnceAsync(default);
        (await TrialAsync(job.Id, claimed.Trial.Id)).State.ShouldBe(TrialState.Running);
        await reconciliation.RunOnceAsync(default);
        (await TrialAsync(job.Id, claimed.Trial.Id)).State.ShouldBe(TrialState.Queued);

        await Should.ThrowAsync<LeaseLostException>(() => _client.Trials.RecordAsync(claimed.Lease, claimed.Lease.Epoch(0), default));
    }

    [Fact]
    public async Task Trials_that_lost_signal_and_worker_are_finished_by_the_next_worker()
    {
        var job = await _client.Jobs.SubmitAsync(candidates: 3);
        await _client.Trials.ClaimAsync("a firing that Quartz knows nothing of");
        await using (var dataSource = NpgsqlDataSource.Create(_database))
        await using (var lose = dataSource.CreateCommand("DELETE FROM qrtz_simple_triggers; DELETE FROM qrtz_triggers")) await lose.ExecuteNonQueryAsync();

        await using var worker = await WorkerNodes.StartAsync(_database, TimeSpan.FromMilliseconds(5), reconcile: "00:00:01");
        await _client.WaitForAsync(job.Id, JobState.Succeeded);

        await _client.ShouldBeWholeAsync(job.Id);
    }

    private async Task<Trial> TrialAsync(Guid job, Guid trial) => (await _client.Trials.ListAsync(job, default)).Single(t => t.Id == trial);

    private QueueReconciliation NewReconciliation() => new(
        _client.Services.GetRequiredService<IDbContextFactory<ServiceDbContext>>(),
        Signals,
        _client.Services.GetRequiredService<MissingSignals>(),
        _client.Jobs,
        _client.Trials,
        _client.Services.GetRequiredService<RaceStore>(),
        Options.Create(new QueueOptions()),
        TimeProvider.System,
        NullLogger<QueueReconciliation>.Instance);
}
