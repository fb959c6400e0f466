using System.CommandLine;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Spectre.Console;

namespace NeuralCapacitance.Benchmarks.Load;

/// <summary>
/// The service as it is started, with a full database: how long pollers wait, what followers of events cost a trial that trains, and whether the service still
/// answers under requests that are cheap to make. Clients and service share the machine, so the clients' own work is in every figure.
/// </summary>
internal sealed class LoadBenchmark : IAsyncDisposable
{
    private const int Jobs = 5_000;
    private const int Clients = 1_000;

    /// <summary>With <see cref="Epochs"/> observations of each, 200 000 in all.</summary>
    private const int Candidates = 8;

    private const int Epochs = 4;
    /// <summary>So many epochs tell how fast it trains.</summary>
    private const int EnoughEpochs = 6;

    private const int LargeCandidates = 60;
    private const int LargeEpochs = 50;

    private static readonly TimeSpan LongestRecovery = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(50);

    private readonly IAnsiConsole _console;
    private readonly LoadSite _site;
    private readonly LoadDatabase _database;
    private readonly HttpClient _http;
    private readonly List<Figure> _figures = [];

    /// <summary>Of the benchmark.</summary>
    private enum Part
    {
        Poll,
        Follow,
        Attack,
    }

    private LoadBenchmark(IAnsiConsole console, LoadSite site)
    {
        _console = console;
        _site = site;
        _database = new(site.ConnectionString);
        _http = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = site.Address, Timeout = TimeSpan.FromMinutes(2) };
    }

    public static Command Command(IAnsiConsole console, Option<int> threads)
    {
        var seconds = new Option<int>("--seconds") { Description = "How long each setting and each attack is measured.", DefaultValueFactory = _ => 12 };
        var parts = new Option<Part[]>("--parts") { Description = "Only these.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => Enum.GetValues<Part>() };
        var command = new Command("load", "1,000 pollers and 1,000 followers with 5,000 jobs, and whether the service answers under attacks.") { seconds, parts };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            console.WriteMachine(arguments.GetValue(threads));
            await using var site = await LoadSite.StartAsync(cancellationToken);
            await using var benchmark = new LoadBenchmark(console, site);
            await benchmark.RunAsync(arguments.GetValue(parts)!, arguments.GetValue(threads), TimeSpan.FromSeconds(arguments.GetValue(seconds)), cancellationToken);
        });
        return command;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _database.DisposeAsync();
    }

    private async Task RunAsync(Part[] parts, int threads, TimeSpan duration, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        var jobs = await _database.CopyAsync(await ModelAsync(Candidates, Epochs, cancellationToken), Jobs, Epochs, cancellationToken);
        var large = (await _database.CopyAsync(await ModelAsync(LargeCandidates, LargeEpochs, cancellationToken), jobs: 1, LargeEpochs, cancellationToken))[0];
        await _database.AnalyzeAsync(cancellationToken);
        _console.MarkupLineInterpolated(
            $"{await _database.CountAsync("jobs", cancellationToken)} jobs, {await _database.CountAsync("trials", cancellationToken)} trials, {await _database.CountAsync("observations", cancellationToken)} observations, in {Stopwatch.GetElapsedTime(start).TotalSeconds:F0} s. Clients and service share the cores.");

        await IdleAsync(duration / 4);
        if (parts.Contains(Part.Poll))
        {
            await PollAsync("poll", $"{Clients} pollers with If-None-Match", jobs, conditional: true, duration, cancellationToken);
            await PollAsync("poll_all", $"{Clients} pollers without", jobs, conditional: false, duration, cancellationToken);
        }
        if (parts.Contains(Part.Follow)) await FollowAsync(threads, duration, cancellationToken);
        foreach (var attack in parts.Contains(Part.Attack) ? Load.Attack.All(_http, large) : []) await AttackAsync(attack, duration, cancellationToken);
        _console.WriteResult(_figures);
    }

    private async Task IdleAsync(TimeSpan duration)
    {
        using var probe = new LivenessProbe(_site.Address);
        await Task.Delay(duration);
        Tell("live_idle", "/health/live, nothing else", probe.Stop());
    }

    private async Task PollAsync(string name, string title, IReadOnlyList<Guid> jobs, bool conditional, TimeSpan duration, CancellationToken cancellationToken)
    {
        var result = await Pollers.RunAsync(_site.Address, [.. jobs.Take(Clients)], conditional, duration, cancellationToken);
        Tell(name, title, result.Latency, $"{result.NotModified:P0} were 304, {result.Failures} failed");
    }

    /// <summary>Epochs in a second of one trial, before followers come, with them, and after they have gone.</summary>
    private async Task FollowAsync(int threads, TimeSpan duration, CancellationToken cancellationToken)
    {
        using var worker = await _site.StartWorkerAsync(threads, cancellationToken);
        var job = await SubmitAsync(TrainingSpec, cancellationToken);
        // The first epochs decode, compile and warm up.
        while (await _database.ObservationsAsync(job, cancellationToken) < 4) await Task.Delay(100, cancellationToken);

        var before = await SpeedAsync(job, duration, cancellationToken);
        double with;
        await using (var followers = new Followers(_site.Address, [job], Clients))
        {
            var arrival = Stopwatch.GetTimestamp();
            while (followers.Connected + followers.Refused < Clients && Stopwatch.GetElapsedTime(arrival) < LongestRecovery) await Task.Delay(100, cancellationToken);
            _figures.Add(new("followers_arrived_s", Stopwatch.GetElapsedTime(arrival).TotalSeconds));
            using var probe = new LivenessProbe(_site.Address);
            with = await SpeedAsync(job, duration, cancellationToken);
            Tell("live_followers", $"/health/live, {Clients} followers", probe.Stop(), $"{followers.Connected} connected, {followers.Refused} refused");
            Tell("event", "an observation, from worker to follower", followers.Delays.Summarize(), $"{followers.Bytes / 1e6:F1} MB to all");
        }
        var after = await SpeedAsync(job, duration, cancellationToken);
        var ratio = with / ((before + after) / 2);
        _figures.Add(new("training_with_followers", ratio));
        _console.WriteLine($"Training, epochs/s: {before:F2} without, {with:F2} with {Clients} followers, {after:F2} without: {ratio:P0}");
        await CancelAsync(job, cancellationToken);
    }

    private async Task<double> SpeedAsync(Guid job, TimeSpan duration, CancellationToken cancellationToken)
    {
        var since = TimeProvider.System.GetUtcNow();
        var (start, known) = (Stopwatch.GetTimestamp(), await _database.ObservationsAsync(job, cancellationToken));
        await Task.Delay(duration, cancellationToken);
        while (await _database.ObservationsAsync(job, cancellationToken) - known < EnoughEpochs && Stopwatch.GetElapsedTime(start) < 3 * duration) await Task.Delay(100, cancellationToken);
        return await _database.EpochsPerSecondAsync(job, since, cancellationToken);
    }

    private async Task AttackAsync(Attack attack, TimeSpan duration, CancellationToken cancellationToken)
    {
        var recovery = await RecoverAsync(cancellationToken);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var attackers = attack.RunAsync(over.Token);
        // They connect first.
        await Task.Delay(500, cancellationToken);
        using var probe = new LivenessProbe(_site.Address);
        using var neighbour = Neighbour.Create(_site.Address, TimeSpan.FromMinutes(2));
        var visitor = attack.Name == "uploads" ? Visitor.UploadAsync(neighbour, cancellationToken) : Task.FromResult<double?>(null);
        await Task.Delay(duration, cancellationToken);
        var uploaded = await visitor;
        var latency = probe.Stop();
        await over.CancelAsync();
        await attackers;
        var note = attack.Name != "uploads" ? "" : uploaded is { } seconds ? $"another's upload took {seconds:F1} s" : "another's upload did not end within 60 s";
        if (attack.Name == "uploads") _figures.Add(new("upload_beside_slow_ones_s", uploaded ?? double.PositiveInfinity));
        Tell($"live_{attack.Name}", attack.Title, latency, recovery > LongestRecovery ? $"{note} (the attack before it was not over)" : note);
    }

    /// <summary>Waits until what the last attack left has been worked off.</summary>
    private async Task<TimeSpan> RecoverAsync(CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        for (var quick = 0; quick < 10 && Stopwatch.GetElapsedTime(start) < LongestRecovery;)
        {
            var asked = Stopwatch.GetTimestamp();
            using var response = await _http.GetAsync("/health/live", cancellationToken);
            quick = Stopwatch.GetElapsedTime(asked) < Quick ? quick + 1 : 0;
            await Task.Delay(20, cancellationToken);
        }
        return Stopwatch.GetElapsedTime(start);
    }

    private void Tell(string name, string title, Quantiles latency, string note = "")
    {
        _figures.AddRange(latency.Figures(name));
        _console.WriteLine($"{title}: {latency.Count} in p50 {Report.Format(latency.Median)} ms, p99 {Report.Format(latency.P99)}, max {Report.Format(latency.Max)}{(note.Length > 0 ? "; " : "")}{note}");
    }

    /// <summary>A job that was submitted and cancelled: copies are made of it.</summary>
    private async Task<Guid> ModelAsync(int candidates, int epochs, CancellationToken cancellationToken)
    {
        string[] backbones = ["resnet8", "cnn-small", "vgg-small", "mobilenet-small"];
        var spec = JsonSerializer.Serialize(new
        {
            name = $"{candidates} candidates",
            dataset = new { name = "synthetic" },
            candidates = Enumerable.Range(0, candidates).Select(i => new { name = $"c{i}", backbone = backbones[i % backbones.Length] }),
            training = new { epochs },
            selection = new { mode = "full", observe = Math.Min(epochs, 5) },
        });
        var job = await SubmitAsync(spec, cancellationToken);
        await CancelAsync(job, cancellationToken);
        return job;
    }

    /// <summary>Epochs of less than a second on an idle machine, and far more of them than are needed.</summary>
    private const string TrainingSpec =
        """
        {
          "name": "trains",
          "dataset": { "name": "synthetic", "synthetic": { "classes": 4, "trainImages": 2000, "testImages": 40, "seed": 1 } },
          "candidates": ["resnet8", "cnn-small"],
          "training": { "epochs": 2000, "batchSize": 64, "imageSize": 32, "validation": 100, "seed": 1 },
          "probe": { "samples": 100 },
          "selection": { "mode": "full", "scores": false }
        }
        """;

    private async Task<Guid> SubmitAsync(string spec, CancellationToken cancellationToken)
    {
        using var content = new StringContent(spec, Encoding.UTF8, "application/json");
        using var response = await _http.PostAsync("/api/v1/jobs", content, cancellationToken);
        var body = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        return response.IsSuccessStatusCode ? body.GetProperty("id").GetGuid() : throw new HttpRequestException(body.ToString());
    }

    private async Task CancelAsync(Guid job, CancellationToken cancellationToken)
    {
        using var response = await _http.PostAsync($"/api/v1/jobs/{job}/cancel", content: null, cancellationToken);
        response.EnsureSuccessStatusCode();
    }
}
