using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Infrastructure.Workload;
using Npgsql;

namespace NeuralCapacitance.Infrastructure.Tests.Workload;

/// <summary>One database per test: all jobs are counted.</summary>
public sealed class WorkloadMeterTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

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
        await _meter.StopAsync(default);
        _meter.Dispose();
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

        await StartAsync();

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
    public async Task The_tables_are_read_every_15_seconds_and_not_when_somebody_asks()
    {
        await StartAsync();
        _time.Periods.ShouldBe([TimeSpan.FromSeconds(15)]);
        await _node.Jobs.SubmitAsync(candidates: 2);

        for (var i = 0; i < 10; i++) Read()["neuralcapacitance.jobs state=queued"].ShouldBe(0);
        _time.Ring();

        await UntilAsync(told => told["neuralcapacitance.jobs state=queued"] == 1);
    }

    [Fact]
    public async Task While_the_database_is_away_nothing_is_told()
    {
        await StartAsync();
        await PostgresFixture.AllowConnectionsAsync(_database, false);

        _time.Ring();
        await UntilAsync(told => told.Count == 0);

        await PostgresFixture.AllowConnectionsAsync(_database, true);
        _time.Ring();
        await UntilAsync(told => told.Count > 0);
    }

    private async Task StartAsync()
    {
        await _meter.StartAsync(default);
        await UntilAsync(told => told.Count > 0);
    }

    private async Task UntilAsync(Func<IReadOnlyDictionary<string, double>, bool> holds)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!holds(Read())) await Task.Delay(10, patience.Token);
    }

    /// <summary>Every series, as a collector would find it now.</summary>
    private Dictionary<string, double> Read()
    {
        var told = new Dictionary<string, double>(StringComparer.Ordinal);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == WorkloadMeter.Name && ReferenceEquals(instrument.Meter.Scope, Meters)) self.EnableMeasurementEvents(instrument);
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
