using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using NeuralCapacitance.Infrastructure.Stalls;
using NeuralCapacitance.Worker.Slots;
using NeuralCapacitance.Worker.Tests.Training;
using NeuralCapacitance.Worker.Training;

namespace NeuralCapacitance.Worker.Tests.Slots;

/// <summary>Processes that play a slot, and a clock that only the test moves: nothing here depends on how fast anything is.</summary>
[Collection(OwnGenerator.Name)]
public sealed class StallTests : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(10);

    private readonly Trials trials = new();
    private readonly ManualTime time = new();

    [Fact]
    public void One_that_is_slow_but_moves_is_left_alone()
    {
        // Three signs, 27 minutes in all; each is given when the test has moved the clock.
        using var slot = Start("for i in 1 2 3; do echo '{\"kind\":\"observed\",\"observation\":'\"$o\"'}' >&$p; read -r a; done; echo '{\"kind\":\"ended\",\"isStopped\":false}' >&$p; read -r end");
        var listener = new RecordingListener(_ => time.Advance(TimeSpan.FromMinutes(9)));

        slot.Run(trials.Plan(epochs: 3), listener, Timeout, CancellationToken.None);

        listener.Observations.Count.ShouldBe(3);
    }

    [Fact]
    public void Signs_between_epochs_are_enough()
    {
        // The line for the log follows the sign: when it is here, the sign has been heard.
        var logged = SlotWire.Write<FromSlot>(new Logged(LogLevel.Information, "test", 1, "moved"));
        using var heard = new BlockingCollection<string>();
        using var slot = Start($"for i in 1 2 3; do echo '{{\"kind\":\"moved\"}}' >&$p; echo '{logged}' >&$p; while [ ! -e $f.$i ]; do sleep 0.05; done; done; echo '{{\"kind\":\"ended\",\"isStopped\":false}}' >&$p; read -r end", new Told(heard));
        var run = Task.Run(() => slot.Run(trials.Plan(epochs: 3), new RecordingListener(), Timeout, CancellationToken.None));

        for (var i = 1; i <= 3; i++)
        {
            Await("moved");
            time.Advance(TimeSpan.FromMinutes(9));
            File.WriteAllText($"{Flag}.{i}", "");
        }

        Should.NotThrow(() => run.GetAwaiter().GetResult());

        void Await(string text)
        {
            string? line;
            do heard.TryTake(out line, TimeSpan.FromMinutes(1)).ShouldBeTrue(); while (line != text);
        }
    }

    [Fact]
    public void One_that_does_nothing_is_ended_with_its_children_and_the_trial_fails_with_the_figure()
    {
        using var slot = Start($"sleep 600 & echo $! > {Flag}; wait");
        var run = Task.Run(() => slot.Run(trials.Plan(epochs: 3), new RecordingListener(), Timeout, CancellationToken.None));
        SpinWait.SpinUntil(() => File.Exists(Flag) && File.ReadAllText(Flag).EndsWith('\n'), TimeSpan.FromMinutes(1)).ShouldBeTrue();
        var child = int.Parse(File.ReadAllText(Flag));
        SpinWait.SpinUntil(() => time.Asked > 0, TimeSpan.FromMinutes(1)).ShouldBeTrue();

        time.Advance(Timeout + TimeSpan.FromSeconds(1));

        var failure = Should.Throw<TrialFailedException>(() => run.GetAwaiter().GetResult()).Failure;
        failure.Code.ShouldBe("stalled");
        failure.Message.ShouldContain("for 00:10:00 (Worker:StallTimeout), before its first epoch here");
        slot.IsUsable.ShouldBeFalse();
        SpinWait.SpinUntil(() => !IsAlive(slot.Id) && !IsAlive(child), TimeSpan.FromMinutes(1)).ShouldBeTrue();
    }

    [Fact]
    public void What_the_worker_takes_to_answer_is_no_stall()
    {
        using var slot = Start("echo '{\"kind\":\"noted\",\"note\":\"x\"}' >&$p; read -r a; echo '{\"kind\":\"ended\",\"isStopped\":false}' >&$p; read -r end");

        Should.NotThrow(() => slot.Run(trials.Plan(epochs: 3), new SlowListener(() => time.Advance(TimeSpan.FromHours(3))), Timeout, CancellationToken.None));
    }

    [Fact]
    public void Decoding_and_waiting_for_another_process_are_steps()
    {
        var before = Steps.Count;
        trials.LoadData().Dispose();

        Steps.Count.ShouldBeGreaterThan(before);
    }

    public void Dispose() => trials.Dispose();

    private string Flag => Path.Combine(trials.Folder, "flag");

    private static bool IsAlive(int id)
    {
        try
        {
            // One that is dead and not yet reaped is a Z.
            return File.ReadAllText($"/proc/{id}/stat").Split(')')[^1].TrimStart()[0] != 'Z';
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <param name="body">Of bash, from the moment that it has been told to run the trial: <c>$p</c> is its pipe.</param>
    private SlotProcess Start(string body, ILoggerProvider? log = null)
    {
        var observation = SlotWire.Write(new Domain.Trials.Observation
        {
            TrialId = Guid.NewGuid(), Epoch = 0, BetaEff = null, TrainAccuracy = null, TrainLoss = null, TestAccuracy = null, TrainSeconds = 0, BetaSeconds = 0, ValidationSeconds = 0, ValidationAccuracy = 0.5, ValidationLoss = 1, ValidationCount = 2, RecordedAt = DateTimeOffset.UnixEpoch,
        });
        var ready = SlotWire.Write<FromSlot>(new Ready(new("cpu", 1)));
        var slot = SlotProcess.Start(
            pipe => new ProcessStartInfo("bash", ["-c", $"p={pipe}; f={Flag}; o='{observation}'; echo '{ready}' >&$p; read -r plan; {body}"])
            {
                UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            },
            _ => { },
            log is null ? NullLoggerFactory.Instance : LoggerFactory.Create(logging => logging.AddProvider(log)),
            time);
        slot.Greet(CancellationToken.None);
        return slot;
    }

    private sealed class SlowListener(Action onNote) : ITrialListener
    {
        public void DatasetLoaded(string hash)
        {
        }

        public int ContinuesFrom(IReadOnlyList<Domain.Trials.Observation> history) => -1;

        public bool HasScores() => false;

        public void Scored(IReadOnlyList<Domain.Trials.TrialScore> scores)
        {
        }

        public void Observed(Domain.Trials.Observation observation)
        {
        }

        public void Noted(string note) => onNote();
    }

    private sealed class Told(BlockingCollection<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => lines.Add(formatter(state, exception));

        public void Dispose()
        {
            // The lines are the test's.
        }
    }

    /// <summary>Counts how often it was asked for the time.</summary>
    private sealed class ManualTime : TimeProvider
    {
        private long ticks = TimeSpan.TicksPerDay;
        private int asked;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public int Asked => Volatile.Read(ref asked);

        public override long GetTimestamp()
        {
            Interlocked.Increment(ref asked);
            return Interlocked.Read(ref ticks);
        }

        public void Advance(TimeSpan time) => Interlocked.Add(ref ticks, time.Ticks);
    }
}
