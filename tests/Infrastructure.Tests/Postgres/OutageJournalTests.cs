using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NeuralCapacitance.Infrastructure.Postgres;

namespace NeuralCapacitance.Infrastructure.Tests.Postgres;

public sealed class OutageJournalTests
{
    [Fact]
    public async Task An_outage_is_a_line_at_its_beginning_and_one_at_its_end_with_the_count()
    {
        var lines = new Lines();
        var database = await PostgresFixture.NewDatabaseAsync();
        await using var node = await ServiceNode.StartAsync(database, services => services.AddSingleton<ILoggerProvider>(lines));
        var job = await node.Jobs.SubmitAsync(candidates: 2);
        var lease = (await node.Trials.ClaimAsync())!.Lease;
        var journal = node.Services.GetRequiredService<OutageJournal>();

        await PostgresFixture.AllowConnectionsAsync(database, allowed: false);
        // Nobody can connect now, and many meet it.
        for (var i = 0; i < 100; i++) journal.Note("refused");
        await lines.WaitAsync(2012);
        await PostgresFixture.AllowConnectionsAsync(database, allowed: true);
        await lines.WaitAsync(2013);

        await node.Trials.RecordAsync(lease, lease.Epoch(0), default);
        // Why, whoever met it first says: a connection that was ended may have been quicker.
        lines.Of(2012).ShouldHaveSingleItem().ShouldStartWith("The database is not available (");
        lines.Of(2013).ShouldHaveSingleItem().ShouldMatch(@"after \d+\.\d s; its absence was met 1\d\d times");
        journal.IsOpen.ShouldBeFalse();
        job.ShouldNotBeNull();
    }

    [Fact]
    public async Task Each_outage_is_told()
    {
        var lines = new Lines();
        await using var node = await ServiceNode.StartAsync(await PostgresFixture.NewDatabaseAsync(), services => services.AddSingleton<ILoggerProvider>(lines));
        var journal = node.Services.GetRequiredService<OutageJournal>();

        journal.Note("first");
        await lines.WaitAsync(2013);
        journal.Note("second");
        await lines.WaitAsync(2013, count: 2);

        lines.Of(2012).Select(line => line.Contains("second", StringComparison.Ordinal)).ShouldBe([false, true]);
    }

    /// <summary>What was logged, by event.</summary>
    private sealed class Lines : ILoggerProvider, ILogger
    {
        private readonly List<(int Id, string Text)> _lines = [];

        public IReadOnlyList<string> Of(int id)
        {
            lock (_lines) return [.. _lines.Where(line => line.Id == id).Select(line => line.Text)];
        }

        public async Task WaitAsync(int id, int count = 1)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            while (Of(id).Count < count) await Task.Delay(20, patience.Token);
        }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (_lines) _lines.Add((eventId.Id, formatter(state, exception)));
        }

        public void Dispose()
        {
        }
    }
}
