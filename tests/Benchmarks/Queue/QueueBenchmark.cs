using System.CommandLine;
using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Infrastructure.Postgres.Embedded;
using Npgsql;
using Spectre.Console;

namespace NeuralCapacitance.Benchmarks.Queue;

/// <summary>
/// What the queue itself costs, on a private PostgreSQL with its usual settings: from a job's transaction to the claim of its trial by a free worker, in the same
/// process and in another; trials that do nothing in a second; a second process; taking a large job in; and what an idle worker asks of the database.
/// </summary>
internal static class QueueBenchmark
{
    private const int LargeJob = 1_000;
    private const int Burst = 400;
    private const int SharedTrials = 60;

    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan SharedPace = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan SettlingTime = TimeSpan.FromSeconds(3);

    public static Command Command(IAnsiConsole console, Option<int> threads)
    {
        var rounds = new Option<int>("--rounds") { Description = "Jobs whose start is timed, in each setting.", DefaultValueFactory = _ => 200 };
        var command = new Command("queue", "Milliseconds from a job to the start of its trial, trials in a second, and statements of an idle worker.") { rounds };
        command.SetAction((arguments, cancellationToken) => RunAsync(console, arguments.GetValue(threads), arguments.GetValue(rounds), cancellationToken));
        return command;
    }

    private static async Task RunAsync(IAnsiConsole console, int threads, int rounds, CancellationToken cancellationToken)
    {
        console.WriteMachine(threads);
        var folder = Directory.CreateTempSubdirectory("nc-queue-").FullName;
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101);
        try
        {
            await using var postgres = await EmbeddedPostgres.StartAsync(Path.Combine(folder, "postgres"), NullLogger.Instance, cancellationToken: cancellationToken);
            await using var database = NpgsqlDataSource.Create(postgres.ConnectionString);
            List<Figure> figures = [];
            await using var client = await QueueNode.StartAsync(QueueRole.Client, postgres.ConnectionString, folder, slots: 1, TimeSpan.Zero);

            figures.Add(new("large_job_ms", 1e3 * await LargeAsync(client, cancellationToken)));
            await using (await QueueNode.StartAsync(QueueRole.Paced, postgres.ConnectionString, folder, slots: 1, TimeSpan.Zero))
            {
                figures.AddRange(await StartsAsync("one", client, database, rounds, cancellationToken));
                figures.Add(new("trials_per_second", Burst / await TimeAsync(client, Burst, cancellationToken)));
            }
            await using (await QueueNode.StartAsync(QueueRole.Paced, postgres.ConnectionString, folder, slots: 4, TimeSpan.Zero))
                figures.Add(new("trials_per_second_4_slots", Burst / await TimeAsync(client, Burst, cancellationToken)));
            using (var worker = await WorkerAsync(postgres, folder, TimeSpan.Zero))
                figures.AddRange(await StartsAsync("two", client, database, rounds, cancellationToken));
            using (var first = await WorkerAsync(postgres, folder, SharedPace))
            {
                var alone = await TimeAsync(client, SharedTrials, cancellationToken);
                using var second = await WorkerAsync(postgres, folder, SharedPace);
                figures.Add(new("second_worker_speedup", alone / await TimeAsync(client, SharedTrials, cancellationToken)));
            }
            figures.Add(new("idle_statements_per_second", await IdleAsync(postgres.ConnectionString, folder, cancellationToken)));
            console.WriteResult(figures);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>There when it returns, and idle.</summary>
    private static async Task<QueueProcess> WorkerAsync(EmbeddedPostgres postgres, string folder, TimeSpan pace)
    {
        var worker = QueueProcess.Start(QueueRole.Paced, postgres.ConnectionString, folder, slots: 1, pace);
        await Task.Delay(SettlingTime);
        return worker;
    }

    /// <summary>Seconds that the largest job's transaction takes, with no worker about.</summary>
    private static async Task<double> LargeAsync(QueueNode client, CancellationToken cancellationToken)
    {
        var seconds = new List<double>();
        for (var round = 0; round < 5; round++)
        {
            var start = Stopwatch.GetTimestamp();
            var job = await SubmitAsync(client, LargeJob, cancellationToken);
            if (round > 0) seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            await client.Jobs.CancelAsync(job.Id, cancellationToken);
        }
        return seconds.Median();
    }

    /// <summary>Milliseconds from before a job's transaction to the claim of its only trial; each job comes when the worker has been idle for a random while.</summary>
    private static async Task<IReadOnlyList<Figure>> StartsAsync(string setting, QueueNode client, NpgsqlDataSource database, int rounds, CancellationToken cancellationToken)
    {
        var random = new Random(1);
        var jobs = new List<Guid>();
        for (var round = 0; round < rounds + 5; round++)
        {
            await Task.Delay(random.Next(20, 200), cancellationToken);
            var job = await SubmitAsync(client, trials: 1, cancellationToken);
            await client.EndAsync(job.Id, cancellationToken);
            if (round >= 5) jobs.Add(job.Id); // the first ones compile
        }
        await using var command = database.CreateCommand(
            "SELECT 1e3 * extract(epoch FROM t.started_at - j.created_at)::float8 FROM trials t JOIN jobs j ON j.id = t.job_id WHERE j.id = ANY($1) ORDER BY 1");
        command.Parameters.Add(new() { Value = jobs.ToArray() });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var milliseconds = new List<double>();
        while (await reader.ReadAsync(cancellationToken)) milliseconds.Add(reader.GetDouble(0));
        return [new($"start_{setting}_process_p50_ms", milliseconds.Median()), new($"start_{setting}_process_p99_ms", milliseconds[(int)(0.99 * (milliseconds.Count - 1))])];
    }

    /// <summary>Seconds from a job of many trials to its end.</summary>
    private static async Task<double> TimeAsync(QueueNode client, int trials, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        var job = await SubmitAsync(client, trials, cancellationToken);
        await client.EndAsync(job.Id, cancellationToken);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Commands that a worker with one slot sends while nothing happens, counted by the driver's own traces.</summary>
    private static async Task<double> IdleAsync(string connectionString, string folder, CancellationToken cancellationToken)
    {
        await using var worker = await QueueNode.StartAsync(QueueRole.Paced, connectionString, folder, slots: 1, TimeSpan.Zero);
        await Task.Delay(SettlingTime, cancellationToken);
        var statements = 0;
        using (var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStarted = _ => Interlocked.Increment(ref statements),
        })
        {
            ActivitySource.AddActivityListener(listener);
            await Task.Delay(IdleTime, cancellationToken);
        }
        return statements / IdleTime.TotalSeconds;
    }

    private static async Task<Job> SubmitAsync(QueueNode client, int trials, CancellationToken cancellationToken)
    {
        const int mostRepeats = 100;
        var repeats = Math.Min(trials, mostRepeats);
        var spec = new JobSpec
        {
            Dataset = new DatasetSpec { Name = "synthetic" },
            Candidates = [.. Enumerable.Range(0, trials / repeats).Select(i => new CandidateSpec { Name = $"c{i}", Backbone = "resnet8" })],
            Training = new TrainingSpec { Epochs = 1, Repeats = repeats },
        };
        return (await client.Jobs.CreateAsync(spec, "{}", idempotencyKey: null, cancellationToken)).Job;
    }
}
