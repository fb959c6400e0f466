using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Infrastructure.Postgres;
using NeuralCapacitance.Infrastructure.Queue;
using NeuralCapacitance.Infrastructure.Races;
using NeuralCapacitance.Infrastructure.Tests.Races;
using NeuralCapacitance.Infrastructure.Trials;
using NeuralCapacitance.Infrastructure.Workers;
using Npgsql;

namespace NeuralCapacitance.Infrastructure.Tests.Queue;

public sealed class ReconciliationTests : IAsyncLifetime
{
    private static readonly QueueOptions Settings = new();

    private readonly ManualTime _time = new();
    private string _database = null!;
    private ServiceNode _client = null!;

    private TrialSignals Signals => _client.Services.GetRequiredService<TrialSignals>();

    public async Task InitializeAsync()
    {
        _database = await PostgresFixture.NewDatabaseAsync();
        _client = await ServiceNode.StartAsync(_database);
    }

    public async Task DisposeAsync() => await _client.DisposeAsync();

    [Theory]
    [InlineData(2, 3)]
    [InlineData(40, 3)]
    public async Task Free_slots_are_sent_a_signal_each_as_far_as_there_are_trials(int trials, int slots)
    {
        await _client.Jobs.SubmitAsync(candidates: trials);
        Signals.CountPending().ShouldBe(0);
        var missing = MissingFor(slots);

        await missing.SendAsync(default);
        await missing.SendAsync(default);

        Signals.CountPending().ShouldBe(Math.Min(trials, slots));
    }

    [Fact]
    public async Task Two_processes_with_free_slots_send_no_more_signals_than_there_are_trials()
    {
        await _client.Jobs.SubmitAsync(candidates: 3);

        await Task.WhenAll(MissingFor(2).SendAsync(default), MissingFor(2).SendAsync(default));

        Signals.CountPending().ShouldBeInRange(2, 3);
    }

    [Fact]
    public async Task Busy_slots_are_sent_nothing()
    {
        await _client.Jobs.SubmitAsync(candidates: 3);
        using var slots = new SlotGate(2);
        using var one = await slots.EnterAsync(default);
        using var other = await slots.EnterAsync(default);

        await MissingFor(slots).SendAsync(default);

        Signals.CountPending().ShouldBe(0);
    }

    [Fact]
    public async Task Lost_signals_are_replaced_once()
    {
        await _client.Jobs.SubmitAsync(candidates: 6);
        using var slots = new SlotGate(4);
        await MissingFor(slots).SendAsync(default);
        await ExecuteAsync("DELETE FROM hangfire.jobqueue");
        Signals.CountPending().ShouldBe(0);

        await Task.WhenAll(NewReconciliation(slots).RunOnceAsync(default), NewReconciliation(slots).RunOnceAsync(default));
        await NewReconciliation(slots).RunOnceAsync(default);

        Signals.CountPending().ShouldBe(4);
    }

    [Fact]
    public async Task Worker_goes_on_while_trials_wait_without_signals()
    {
        await using var worker = await WorkerNodes.StartAsync(_database, TimeSpan.FromMilliseconds(50));
        var job = await _client.Jobs.SubmitAsync(candidates: 4);
        await _client.WaitForTrialsAsync(job.Id, TrialState.Running, count: 1);
        await ExecuteAsync("DELETE FROM hangfire.jobqueue WHERE fetchedat IS NULL");

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
        await ExecuteAsync(
            $"""
             UPDATE trials SET state = 'paused', epochs_done = 3;
             UPDATE jobs SET spec = jsonb_set(spec::jsonb, ARRAY['selection', 'predictor'], '"gone"') WHERE id = '{broken.Id}'
             """);

        await NewReconciliation().RunOnceAsync(default);

        (await _client.Services.GetRequiredService<RaceStore>().StalledAsync(default)).ShouldBe([broken.Id]);
        foreach (var job in new[] { before, after })
            (await _client.Trials.ListAsync(job.Id, default)).ShouldAllBe(t => t.State == TrialState.Queued && t.EpochsTarget == 4);
    }

    [Fact]
    public async Task Trial_whose_worker_gives_no_sign_of_life_is_queued_again()
    {
        var job = await _client.Jobs.SubmitAsync(candidates: 2);
        var claimed = (await _client.Trials.ClaimAsync("a worker that is gone"))!;
        var reconciliation = NewReconciliation();

        for (var watched = TimeSpan.Zero; watched < Settings.CheckInWindow; watched += Settings.CheckInInterval)
        {
            await reconciliation.RunOnceAsync(default);
            (await TrialAsync(job.Id, claimed.Trial.Id)).State.ShouldBe(TrialState.Running);
            _time.Advance(Settings.CheckInInterval);
        }
        await reconciliation.RunOnceAsync(default);
        (await TrialAsync(job.Id, claimed.Trial.Id)).State.ShouldBe(TrialState.Queued);

        await Should.ThrowAsync<LeaseLostException>(() => _client.Trials.RecordAsync(claimed.Lease, claimed.Lease.Epoch(0), default));
    }

    [Fact]
    public async Task Trial_whose_worker_checks_in_stays_its_own()
    {
        var job = await _client.Jobs.SubmitAsync(candidates: 2);
        var claimed = (await _client.Trials.ClaimAsync())!;
        var firings = _client.Services.GetRequiredService<Firings>();
        using var firing = firings.Begin(claimed.Lease.Owner, Guid.NewGuid());
        var services = _client.Services;
        using var gate = new DrainGate();
        var register = new WorkerRegister(Contexts, new CpuFacts(), new SlotGate(1), gate, Options.Create(Settings), TimeProvider.System);
        var checkIns = new LeaseCheckIns(
            Contexts, firings, register, services.GetRequiredService<WorkerStore>(), services.GetRequiredService<OutageRetry>(), services.GetRequiredService<OutageJournal>(),
            Options.Create(Settings), _time, NullLogger<LeaseCheckIns>.Instance);
        var reconciliation = NewReconciliation();

        for (var look = 0; look < 10; look++)
        {
            await checkIns.CheckInAsync(default);
            await reconciliation.RunOnceAsync(default);
            _time.Advance(Settings.CheckInInterval);
        }

        (await TrialAsync(job.Id, claimed.Trial.Id)).State.ShouldBe(TrialState.Running);
    }

    [Fact]
    public async Task Trials_that_lost_signal_and_worker_are_finished_by_the_next_worker()
    {
        var job = await _client.Jobs.SubmitAsync(candidates: 3);
        await _client.Trials.ClaimAsync("a worker that is gone");
        await MissingFor(3).SendAsync(default);
        await ExecuteAsync("DELETE FROM hangfire.jobqueue");

        await using var worker = await WorkerNodes.StartAsync(_database, TimeSpan.FromMilliseconds(5));
        await _client.WaitForAsync(job.Id, JobState.Succeeded);

        await _client.ShouldBeWholeAsync(job.Id);
    }

    private IDbContextFactory<ServiceDbContext> Contexts => _client.Services.GetRequiredService<IDbContextFactory<ServiceDbContext>>();

    private async Task ExecuteAsync(string sql)
    {
        await using var command = _client.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<Trial> TrialAsync(Guid job, Guid trial) => (await _client.Trials.ListAsync(job, default)).Single(t => t.Id == trial);

    private MissingSignals MissingFor(int slots) => MissingFor(new SlotGate(slots));

    private MissingSignals MissingFor(SlotGate slots) => new(Contexts, _client.Services.GetRequiredService<NpgsqlDataSource>(), Signals, slots, _client.Services.GetRequiredService<DrainGate>(), NullLogger<MissingSignals>.Instance);

    private QueueReconciliation NewReconciliation() => NewReconciliation(new SlotGate(1));

    private QueueReconciliation NewReconciliation(SlotGate slots) => new(
        Contexts,
        _client.Changes,
        MissingFor(slots),
        _client.Jobs,
        _client.Trials,
        _client.Services.GetRequiredService<RaceStore>(),
        Options.Create(Settings),
        _time,
        NullLogger<QueueReconciliation>.Instance);
}
