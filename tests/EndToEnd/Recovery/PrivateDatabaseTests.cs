using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using NeuralCapacitance.EndToEnd.Processes;

namespace NeuralCapacitance.EndToEnd.Recovery;

/// <summary>One process with everything in it, and its private PostgreSQL, whose first process is killed.</summary>
public sealed class PrivateDatabaseTests : IAsyncLifetime
{
    /// <summary>One line when it is lost, one when it is back, those of its restart, those of the requests that met it, and a lock file's.</summary>
    private const int MostLines = 60;

    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _http = new();
    private ServiceProcess _service = null!;
    private Uri _address = null!;

    public async Task InitializeAsync()
    {
        const string listening = "Now listening on: ";
        _service = ServiceProcess.Start(
            "service",
            "Api",
            ["serve", "--urls=http://127.0.0.1:0", "--Worker:InProcess=true", "--Worker:Device=cpu", "--Worker:Threads=1", $"--Storage:Root={_folder.PathOf("root")}"],
            new Dictionary<string, string>(StringComparer.Ordinal) { ["DOTNET_EnableDiagnostics"] = "0" },
            _folder.Path);
        var line = await _service.SaysAsync(listening);
        _address = new(line[(line.IndexOf(listening, StringComparison.Ordinal) + listening.Length)..].Split(' ')[0]);
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        _service.Send(Signal.Terminate);
        await _service.EndsAsync();
        await _service.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task It_is_started_again_as_often_as_it_dies_and_the_log_stays_short()
    {
        for (var death = 1; death <= 2; death++)
        {
            var before = _service.Output.Length;
            var pid = ServerPid();

            Signals.Send(pid, Signal.Kill);
            var job = await SubmitAsync();
            await Eventually.Async($"job {job} to end well after death {death}", () => StateAsync(job), state => state == "succeeded", () => _service.Output);
            await Eventually.Async("the end of the outage in the log", () => Task.FromResult(Lines(before)), lines => lines.Any(line => line.Contains("The database is back after", StringComparison.Ordinal)));

            ServerPid().ShouldNotBe(pid);
            var said = Lines(before);
            said.Count(line => line.Contains("has died; it is started again", StringComparison.Ordinal)).ShouldBe(1);
            said.Count(line => line.Contains("runs again after", StringComparison.Ordinal)).ShouldBe(1);
            said.Count(line => line.Contains("The database is not available", StringComparison.Ordinal)).ShouldBeInRange(1, 2, "one, or two where the first probe met a connection that lived on");
            said.ShouldNotContain(line => line.Contains("execution will be retried", StringComparison.Ordinal), "Hangfire waits longer after each failure in a row");
            said.Count(line => !line.Contains(" → ", StringComparison.Ordinal)).ShouldBeLessThan(MostLines, string.Join('\n', said));
        }
    }

    private IReadOnlyList<string> Lines(int from) => _service.Output[from..].Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private int ServerPid() => int.Parse(File.ReadLines(_folder.PathOf("root/postgres/data/postmaster.pid")).First(), CultureInfo.InvariantCulture);

    /// <summary>A client's own retry.</summary>
    private Task<Guid> SubmitAsync() => Eventually.Async(
        "a job to be accepted",
        async () =>
        {
            using var content = new StringContent(Specs.Quick, Encoding.UTF8, "application/json");
            using var response = await _http.PostAsync(new Uri(_address, "/api/v1/jobs"), content);
            return response.IsSuccessStatusCode ? (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid() : Guid.Empty;
        },
        id => id != Guid.Empty,
        () => _service.Output);

    private async Task<string?> StateAsync(Guid job)
    {
        using var response = await _http.GetAsync(new Uri(_address, $"/api/v1/jobs/{job}"));
        return response.IsSuccessStatusCode ? (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("state").GetString() : null;
    }
}
