using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Infrastructure.Jobs;
using NeuralCapacitance.Infrastructure.Workload;
using Npgsql;

namespace NeuralCapacitance.Infrastructure.Tests.Workload;

/// <summary>One database per test: all jobs are counted.</summary>
public sealed class WorkloadMeterTests : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private readonly ServiceProvider _metrics = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private string _database = null!;
    private ServiceNode _node = null!;
    private WorkloadMeter _meter = null!;

    private IMeterFactory Meters => _metrics.GetRequiredService<IMeterFactory>();

    public async Task InitializeAsync()
    {
        _node = await ServiceNode.StartAsync(_database = await PostgresFixture.NewDatabaseAsync());
        _meter = new WorkloadMeter(_node.Services.GetRequiredService<NpgsqlDataSource>(), Meters, _time, NullLogger<WorkloadMeter>.Instance);
    }

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        await _metrics.DisposeAsync();
    }

    [Fact]
    public async Task It_tells_what_the_tables_hold_states_without_any_among_it()
    {
        await _node.Jobs.SubmitAsync(candidates: 2);
        var claimed = (await _node.Trials.ClaimAsync())!;
        for (var epoch = 0; epoch <= 2; epoch++)
            await _node.Trials.RecordAsync(claimed.Lease, claimed.Lease.Epoch(epoch) with { TrainSeconds = epoch, BetaSeconds = 0.25, ValidationSeconds = 0.5 }, default);

        await _meter.RefreshAsync(default);

        var told = Read();
        told["neuralcapacitance.jobs state=running"].ShouldBe(1);
        told["neuralcapacitance.jobs state=failed"].ShouldBe(0);
        told.Where(series => series.Key.StartsWith("neuralcapacitance.trials", StringComparison.Ordinal)).Sum(series => series.Value).ShouldBe(2);
        told.Count(series => series.Key.StartsWith("neuralcapacitance.trials", StringComparison.Ordinal)).ShouldBe(Enum.GetValues<TrialState>().Length);
        told["neuralcapacitance.trials state=queued"].ShouldBe(1);
        told["neuralcapacitance.attempts"].ShouldBe(1);
        told["neuralcapacitance.epochs"].ShouldBe(2);
        told["neuralcapacitance.epoch.time phase=train"].ShouldBe(3);
        told["neuralcapacitance.epoch.time phase=beta"].ShouldBe(0.75);
        told["neuralcapacitance.epoch.time phase=validation"].ShouldBe(1.5);
    }

    [Fact]
    public async Task The_tables_are_not_read_when_somebody_asks()
    {
        await _meter.RefreshAsync(default);
        await _node.Jobs.SubmitAsync(candidates: 2);

        for (var i = 0; i < 10; i++) Read()["neuralcapacitance.jobs state=queued"].ShouldBe(0);
        await _meter.RefreshAsync(default);

        Read()["neuralcapacitance.jobs state=queued"].ShouldBe(1);
    }

    [Fact]
    public async Task While_the_database_is_away_nothing_is_told_but_since_when()
    {
        await _meter.RefreshAsync(default);
        await PostgresFixture.AllowConnectionsAsync(_database, false);
        _time.Advance(TimeSpan.FromSeconds(20));

        await _meter.RefreshAsync(default);
        Read().ShouldBe(new Dictionary<string, double> { ["neuralcapacitance.tables.age"] = 20 });

        await PostgresFixture.AllowConnectionsAsync(_database, true);
        await _meter.RefreshAsync(default);
        Read()["neuralcapacitance.tables.age"].ShouldBe(0);
        Read()["neuralcapacitance.epochs"].ShouldBe(0);
    }

    [Fact]
    public async Task What_was_done_is_counted_when_its_job_is_deleted_and_after_a_restart()
    {
        var job = await _node.Jobs.SubmitAsync(candidates: 2);
        while (await _node.Trials.ClaimAsync() is { } claimed)
        {
            for (var epoch = 0; epoch <= 3; epoch++)
                await _node.Trials.RecordAsync(claimed.Lease, claimed.Lease.Epoch(epoch) with { TrainSeconds = 2, BetaSeconds = 0.25, ValidationSeconds = 0.5 }, default);
            await _node.Trials.SucceedAsync(claimed.Lease, weightsPath: null, default);
        }

        await _meter.RefreshAsync(default);
        var before = Read();
        (await _node.Jobs.DeleteAsync(job.Id, default)).ShouldBe(DeleteOutcome.Deleted);
        await _meter.RefreshAsync(default);

        var after = Read();
        Work(after).ShouldBe(Work(before));
        (after["neuralcapacitance.attempts"], after["neuralcapacitance.epochs"], after["neuralcapacitance.epoch.time phase=train"]).ShouldBe((2, 6, 16));
        after["neuralcapacitance.jobs state=succeeded"].ShouldBe(0, "a gauge tells what there is");
        using var restarted = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var again = new WorkloadMeter(_node.Services.GetRequiredService<NpgsqlDataSource>(), restarted.GetRequiredService<IMeterFactory>(), _time, NullLogger<WorkloadMeter>.Instance);
        await again.RefreshAsync(default);
        Work(Read(restarted.GetRequiredService<IMeterFactory>())).ShouldBe(Work(before));
    }

    [Fact]
    public async Task Epochs_that_are_discarded_were_trained_all_the_same()
    {
        await _node.Jobs.SubmitAsync(candidates: 1);
        var claimed = (await _node.Trials.ClaimAsync())!;
        for (var epoch = 0; epoch <= 2; epoch++) await _node.Trials.RecordAsync(claimed.Lease, claimed.Lease.Epoch(epoch) with { TrainSeconds = 3 }, default);

        await _node.Trials.ContinueFromAsync(claimed.Lease, [], default);
        await _node.Trials.RecordAsync(claimed.Lease, claimed.Lease.Epoch(0) with { TrainSeconds = 3 }, default);
        await _node.Trials.RecordAsync(claimed.Lease, claimed.Lease.Epoch(1) with { TrainSeconds = 3 }, default);

        await _meter.RefreshAsync(default);
        (Read()["neuralcapacitance.epochs"], Read()["neuralcapacitance.epoch.time phase=train"]).ShouldBe((3, 15));
    }

    private static IEnumerable<KeyValuePair<string, double>> Work(Dictionary<string, double> told)
        => told.Where(series => series.Key.StartsWith("neuralcapacitance.attempts", StringComparison.Ordinal) || series.Key.StartsWith("neuralcapacitance.epoch", StringComparison.Ordinal));

    /// <summary>Every series, as a collector would find it now.</summary>
    private Dictionary<string, double> Read() => Read(Meters);

    private static Dictionary<string, double> Read(IMeterFactory meters)
    {
        var told = new Dictionary<string, double>(StringComparer.Ordinal);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == WorkloadMeter.Name && ReferenceEquals(instrument.Meter.Scope, meters)) self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => told.Add(NameOf(instrument, tags), value));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => told.Add(NameOf(instrument, tags), value));
        listener.Start();
        listener.RecordObservableInstruments();
        return told;
    }

    private static string NameOf(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        => string.Join(' ', [instrument.Name, .. tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}")]);
}
