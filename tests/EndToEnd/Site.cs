using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using NeuralCapacitance.EndToEnd.Processes;
using Npgsql;

namespace NeuralCapacitance.EndToEnd;

/// <summary>A database, a folder, and the real programs on them: an API, and workers as a test starts them.</summary>
internal sealed class Site : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Stack<ServiceProcess> _processes = new();
    private readonly NpgsqlDataSource _database;
    private readonly Dictionary<string, string> _settings;
    private HttpClient? _http;
    private ServiceProcess? _api;

    /// <param name="more">Settings as environment variables: <c>Section__Key</c>.</param>
    public Site(string connectionString, params (string Key, string Value)[] more)
    {
        _database = NpgsqlDataSource.Create(connectionString);
        _settings = new(StringComparer.Ordinal)
        {
            ["ConnectionStrings__Postgres"] = connectionString,
            ["Storage__Root"] = _folder.Path,
            // A worker is given up after 6 s: soon for a test, late enough for a busy machine.
            ["Queue__CheckInInterval"] = "00:00:01",
            ["Queue__CheckInGrace"] = "00:00:05",
            ["Queue__ReconcileInterval"] = "00:00:01",
            ["Worker__Device"] = "cpu",
            ["Worker__Threads"] = "1",
            ["OMP_NUM_THREADS"] = "1",
            // A killed process would leave its diagnostics pipe behind.
            ["DOTNET_EnableDiagnostics"] = "0",
        };
        foreach (var (key, value) in more) _settings[key] = value;
    }

    public ServiceProcess Api => _api ?? throw new InvalidOperationException("Start the API first.");

    /// <summary>Of the API.</summary>
    public Uri Address => Http.BaseAddress!;

    private HttpClient Http => _http ?? throw new InvalidOperationException("Start the API first.");

    private string Logs => string.Join("\n", _processes.Reverse().Select(process => $"--- {process.Name}\n{process.Output}"));

    /// <summary>The API without a worker, on a free port. It is there when this returns.</summary>
    public async Task StartApiAsync()
    {
        const string listening = "Now listening on: ";
        var api = Start("api", "Api", "serve", "--urls=http://127.0.0.1:0", "--Worker:InProcess=false");
        _api = api;
        var line = await api.SaysAsync(listening);
        var address = line[(line.IndexOf(listening, StringComparison.Ordinal) + listening.Length)..].Split(' ')[0];
        _http = new() { BaseAddress = new(address) };
    }

    /// <param name="settings">As <c>--Section:Key=value</c>; they win over the site's.</param>
    public ServiceProcess StartWorker(string name, params string[] settings) => Start(name, "Worker", settings);

    /// <returns>The job's id.</returns>
    public async Task<Guid> SubmitAsync(string spec, params (string Name, string Value)[] headers) => (await PostAsync("/api/v1/jobs", spec, headers)).GetProperty("id").GetGuid();

    /// <returns>The body of the answer, which accepts the request.</returns>
    public async Task<JsonElement> PostAsync(string path, string json, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative)) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        foreach (var (name, value) in headers) request.Headers.Add(name, value);
        using var response = await Http.SendAsync(request);
        var body = await response.Content.ReadFromJsonAsync<JsonElement>();
        response.StatusCode.ShouldBe(System.Net.HttpStatusCode.Accepted, body.ToString());
        return body;
    }

    public Task<JsonElement> GetAsync(string path) => Http.GetFromJsonAsync<JsonElement>(new Uri(path, UriKind.Relative));

    public Task<byte[]> DownloadAsync(string path) => Http.GetByteArrayAsync(new Uri(path, UriKind.Relative));

    public async Task CancelAsync(Guid job)
    {
        using var response = await Http.PostAsync(new Uri($"/api/v1/jobs/{job}/cancel", UriKind.Relative), content: null);
        response.IsSuccessStatusCode.ShouldBeTrue();
    }

    public Task<JobView> JobAsync(Guid job, string what, Func<JobView, bool> holds)
        => Eventually.Async(what, () => JobOrAbsentAsync(job), holds, () => Logs);

    public Task<JobView> SucceedsAsync(Guid job) => JobAsync(job, "the job to succeed", view => view.State == "succeeded");

    /// <summary>Waits until the first candidate's trial is between two of its epochs and far from its end.</summary>
    public async Task<TrialView> MidTrialAsync(Guid job)
    {
        var view = await JobAsync(job, "a trial in its second epoch or later", view => view.Trials is [{ State: "running", EpochsDone: >= 1 }, ..]);
        view.Trials[0].EpochsDone.ShouldBeLessThan(view.Trials[0].EpochsTarget - 1, "the trial was too quick to be disturbed in its middle");
        return view.Trials[0];
    }

    /// <summary>The job as the database has it.</summary>
    public async Task<JobView> JobAsync(Guid job)
    {
        await using var connection = await _database.OpenConnectionAsync();
        var state = await ReadAsync(connection, "SELECT state FROM jobs WHERE id = $1", job, row => row.GetString(0));
        var trials = await ReadAsync(
            connection,
            "SELECT id, candidate, state, attempt, epochs_done, epochs_target, started_at, finished_at FROM trials WHERE job_id = $1 ORDER BY candidate_index, repeat",
            job,
            row => new TrialView(
                row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetInt32(3), row.GetInt32(4), row.GetInt32(5),
                row.IsDBNull(6) ? null : row.GetFieldValue<DateTimeOffset>(6), row.IsDBNull(7) ? null : row.GetFieldValue<DateTimeOffset>(7)));
        var observations = await ReadAsync(
            connection,
            """
            SELECT o.trial_id, t.candidate, t.repeat, o.epoch, o.attempt, to_jsonb(o)::text,
                   (to_jsonb(o) - '{id,job_id,trial_id,attempt,recorded_at,train_seconds,beta_seconds,validation_seconds}'::text[])::text
            FROM observations o JOIN trials t ON t.id = o.trial_id
            WHERE o.job_id = $1 ORDER BY t.candidate_index, t.repeat, o.epoch
            """,
            job,
            row => new ObservationView(row.GetGuid(0), row.GetString(1), row.GetInt32(2), row.GetInt32(3), row.GetInt32(4), row.GetString(5), row.GetString(6)));
        return new(state.Single(), trials, observations);
    }

    /// <summary>What its race decided, promotions apart, to the last bit; without times and ids.</summary>
    public async Task<IReadOnlyList<string>> DecisionsAsync(Guid job)
    {
        await using var connection = await _database.OpenConnectionAsync();
        return await ReadAsync(
            connection,
            "SELECT (to_jsonb(d) - '{id,job_id,created_at}'::text[])::text FROM decisions d WHERE job_id = $1 AND action <> 'promoted' ORDER BY id",
            job,
            row => row.GetString(0));
    }

    public async ValueTask DisposeAsync()
    {
        _http?.Dispose();
        foreach (var process in _processes) await process.DisposeAsync();
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    private ServiceProcess Start(string name, string project, params string[] arguments)
    {
        var process = ServiceProcess.Start(name, project, arguments, _settings, _folder.Path);
        _processes.Push(process);
        return process;
    }

    /// <summary>A database that is just restarting knows nothing.</summary>
    private async Task<JobView> JobOrAbsentAsync(Guid job)
    {
        try
        {
            return await JobAsync(job);
        }
        catch (NpgsqlException e) when (e.IsTransient || e.SqlState is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow)
        {
            return JobView.Unreachable;
        }
    }

    private static async Task<IReadOnlyList<T>> ReadAsync<T>(NpgsqlConnection connection, string sql, Guid job, Func<NpgsqlDataReader, T> read)
    {
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = job } } };
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync()) rows.Add(read(reader));
        return rows;
    }
}
