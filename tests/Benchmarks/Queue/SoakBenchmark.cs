using System.CommandLine;
using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Infrastructure.Postgres.Embedded;
using Spectre.Console;
using SelectionMode = NeuralCapacitance.Domain.Jobs.SelectionMode;

namespace NeuralCapacitance.Benchmarks.Queue;

/// <summary>
/// Training under attack: while jobs of one spec follow each other, worker processes are killed, frozen, woken and told to stop, and PostgreSQL is restarted, at
/// random. In the end every trial of every job is compared with that of an undisturbed run: observations that are missing, stored twice, or not the same bits.
/// </summary>
internal sealed class SoakBenchmark : IAsyncDisposable
{
    private const int Workers = 2;
    private const int JobsAtATime = 2;

    /// <summary>A worker is given up after 4 s, so that much happens in a minute.</summary>
    private static readonly (string, string)[] Settings =
    [
        ("Queue:CheckInInterval", "00:00:01"), ("Queue:CheckInGrace", "00:00:03"), ("Queue:ReconcileInterval", "00:00:01"), ("Queue:ServerTimeout", "00:00:10"),
        // Killed that often, a trial may well bring several attempts no further.
        ("Worker:MaxAttempts", "1000"),
    ];

    private static readonly Dictionary<string, string> ServerSettings = new(StringComparer.Ordinal) { ["fsync"] = "off", ["max_connections"] = "200" };

    private readonly Random _random;
    private readonly List<QueueProcess> _workers = [];
    private readonly Dictionary<string, int> _attacks = new(StringComparer.Ordinal);
    private readonly List<Guid> _jobs = [];
    private readonly string _folder;
    private readonly EmbeddedPostgres _postgres;
    private readonly QueueNode _client;

    private SoakBenchmark(string folder, EmbeddedPostgres postgres, QueueNode client, int seed)
    {
        _random = new(seed);
        _folder = folder;
        _postgres = postgres;
        _client = client;
    }

    private static JobSpec Spec { get; } = new()
    {
        Dataset = new DatasetSpec { Name = "synthetic", Synthetic = new() { Classes = 4, TrainImages = 320, TestImages = 40, Seed = 1 } },
        Candidates = [.. new[] { "resnet8", "cnn-small", "vgg-small" }.Select(name => new CandidateSpec { Name = name, Backbone = name })],
        Training = new TrainingSpec { Epochs = 8, BatchSize = 32, ImageSize = 32, Validation = 0.25, Seed = 1 },
        Probe = new ProbeSpec { Samples = 100 },
        Selection = new SelectionSpec { Observe = 3, Mode = SelectionMode.Full },
    };

    public static Command Command(IAnsiConsole console, Option<int> threads)
    {
        var seed = new Option<int>("--seed") { Description = "Of the random attacks.", DefaultValueFactory = _ => 1 };
        var minutes = new Option<double>("--minutes") { Description = "How long workers and database are attacked.", DefaultValueFactory = _ => 5 };
        var command = new Command("soak", "Kills, freezes and restarts at random while jobs run; counts lost, doubled and changed observations.") { minutes, seed };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            console.WriteMachine(arguments.GetValue(threads));
            var folder = Directory.CreateTempSubdirectory("nc-soak-").FullName;
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101);
            try
            {
                await using var postgres = await EmbeddedPostgres.StartAsync(Path.Combine(folder, "postgres"), NullLogger.Instance, ServerSettings, cancellationToken);
                await using var client = await QueueNode.StartAsync(QueueRole.Client, postgres.ConnectionString, folder, slots: 1, TimeSpan.Zero);
                await using var soak = new SoakBenchmark(folder, postgres, client, arguments.GetValue(seed));
                return await soak.RunAsync(console, TimeSpan.FromMinutes(arguments.GetValue(minutes)), cancellationToken);
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        });
        return command;
    }

    public ValueTask DisposeAsync()
    {
        foreach (var worker in _workers) worker.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <returns>The exit code: 1 where anything was lost, doubled or changed.</returns>
    private async Task<int> RunAsync(IAnsiConsole console, TimeSpan duration, CancellationToken cancellationToken)
    {
        KeepWorkers();
        var undisturbed = await SubmitAsync(cancellationToken);
        await _client.EndAsync(undisturbed, cancellationToken);
        var wanted = await SoakResults.ReadAsync(_postgres.ConnectionString, [undisturbed], cancellationToken);
        console.WriteLine($"Undisturbed: {wanted.Observations} observations of {wanted.Trials} trials.");

        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < duration)
        {
            KeepWorkers();
            await KeepJobsAsync(cancellationToken);
            await Task.Delay(_random.Next(500, 4_000), cancellationToken);
            await AttackAsync(cancellationToken);
        }

        foreach (var worker in _workers) await worker.SendAsync("CONT");
        KeepWorkers();
        foreach (var job in _jobs) await EndAsync(job, cancellationToken);
        var found = await SoakResults.ReadAsync(_postgres.ConnectionString, _jobs, cancellationToken);
        var (lost, doubled, changed) = found.AgainstEach(wanted);
        console.WriteLine($"{string.Join(", ", _attacks.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => $"{a.Value} × {a.Key}"))}; {_jobs.Count} jobs, {found.Trials} trials, {found.Attempts} attempts.");
        console.WriteResult(
        [
            new("attacks", _attacks.Values.Sum()), new("jobs", _jobs.Count), new("observations", found.Observations), new("attempts", found.Attempts),
            new("unsuccessful", found.Unsuccessful), new("lost", lost), new("doubled", doubled), new("changed", changed),
        ]);
        return lost + doubled + changed + found.Unsuccessful == 0 ? 0 : 1;
    }

    private async Task AttackAsync(CancellationToken cancellationToken)
    {
        var victim = _workers[_random.Next(_workers.Count)];
        switch (_random.Next(10))
        {
            case < 4:
                await victim.SendAsync("KILL");
                await victim.EndsAsync();
                Count("kill");
                break;
            case < 7:
                await victim.SendAsync("STOP");
                await Task.Delay(_random.Next(500, 9_000), cancellationToken);
                await victim.SendAsync("CONT");
                Count("freeze");
                break;
            case < 8:
                await victim.SendAsync("TERM");
                await victim.EndsAsync();
                Count("stop");
                break;
            default:
                await _postgres.RestartAsync(cancellationToken);
                Count("database restart");
                break;
        }
    }

    private void Count(string attack) => _attacks[attack] = _attacks.GetValueOrDefault(attack) + 1;

    private void KeepWorkers()
    {
        foreach (var ended in _workers.Where(worker => worker.HasEnded).ToList())
        {
            _workers.Remove(ended);
            ended.Dispose();
        }
        while (_workers.Count < Workers) _workers.Add(QueueProcess.Start(QueueRole.Trains, _postgres.ConnectionString, _folder, slots: 1, TimeSpan.Zero, Settings));
    }

    private async Task KeepJobsAsync(CancellationToken cancellationToken)
    {
        var running = 0;
        foreach (var job in _jobs) running += (await _client.Jobs.FindAsync(job, cancellationToken))!.State.IsFinal ? 0 : 1;
        for (; running < JobsAtATime; running++) _jobs.Add(await SubmitAsync(cancellationToken));
    }

    private async Task<Guid> SubmitAsync(CancellationToken cancellationToken) => (await _client.Jobs.CreateAsync(Spec, "{}", idempotencyKey: null, cancellationToken)).Job.Id;

    /// <summary>Workers that ended meanwhile are replaced.</summary>
    private async Task EndAsync(Guid job, CancellationToken cancellationToken)
    {
        while (!(await _client.Jobs.FindAsync(job, cancellationToken))!.State.IsFinal)
        {
            KeepWorkers();
            await Task.Delay(500, cancellationToken);
        }
    }
}
