using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using NeuralCapacitance.EndToEnd.Processes;

namespace NeuralCapacitance.EndToEnd.Recovery;

/// <summary>What docs/operations.md says of dumps, done as it says.</summary>
public sealed class BackupTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [PostgresToolsFact]
    public async Task A_dump_is_restored_into_a_fresh_root_as_documented()
    {
        var (root, fresh) = (_folder.PathOf("root"), _folder.PathOf("new-root"));
        Guid job;
        string before;
        await using (var service = await ServeAsync(root))
        {
            job = await service.SubmitAsync();
            await Eventually.Async("the job to end well", () => service.StateAsync(job), state => state == "succeeded", () => service.Process.Output);
            before = await service.GetAsync($"/api/v1/jobs/{job}/observations");
            (await ShellAsync(Documented("pg_dump"), root, fresh)).ShouldBe((0, ""));
            await service.EndAsync();
        }

        await using (var database = ServiceProcess.Start("database", "Api", ["database", "--root", fresh], new Dictionary<string, string>(StringComparer.Ordinal), _folder.Path))
        {
            await database.SaysAsync("Ready:");
            (await ShellAsync(Documented("pg_restore"), root, fresh)).ShouldBe((0, ""));
            database.Send(Signal.Terminate);
            (await database.EndsAsync()).ShouldBe(0);
        }

        await using var again = await ServeAsync(fresh);
        (await again.StateAsync(job)).ShouldBe("succeeded");
        (await again.GetAsync($"/api/v1/jobs/{job}/observations")).ShouldBe(before);
        var next = await again.SubmitAsync();
        await Eventually.Async("a new job on the restored database to end well", () => again.StateAsync(next), state => state == "succeeded", () => again.Process.Output);
        await again.EndAsync();
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>The line of the documentation that begins with this program.</summary>
    private static string Documented(string program)
        => Repository.Read("docs/operations.md").Split('\n').Single(line => line.StartsWith($"{program} ", StringComparison.Ordinal));

    private async Task<(int Status, string Errors)> ShellAsync(string command, string root, string fresh)
    {
        var start = new ProcessStartInfo("sh", ["-c", command]) { WorkingDirectory = _folder.Path, UseShellExecute = false, RedirectStandardError = true };
        (start.Environment["ROOT"], start.Environment["NEW_ROOT"]) = (root, fresh);
        start.Environment["PATH"] = $"{PostgresToolsFactAttribute.Folder}:{Environment.GetEnvironmentVariable("PATH")}";
        using var process = Process.Start(start)!;
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, errors);
    }

    private async Task<Running> ServeAsync(string root)
    {
        const string listening = "Now listening on: ";
        var process = ServiceProcess.Start(
            "service", "Api", ["serve", "--urls=http://127.0.0.1:0", "--Worker:InProcess=true", "--Worker:Device=cpu", "--Worker:Threads=1", $"--Storage:Root={root}"],
            new Dictionary<string, string>(StringComparer.Ordinal) { ["DOTNET_EnableDiagnostics"] = "0" }, _folder.Path);
        var line = await process.SaysAsync(listening);
        return new(process, new() { BaseAddress = new(line[(line.IndexOf(listening, StringComparison.Ordinal) + listening.Length)..].Split(' ')[0]) });
    }

    private sealed class Running(ServiceProcess process, HttpClient http) : IAsyncDisposable
    {
        public ServiceProcess Process => process;

        public async Task<Guid> SubmitAsync()
        {
            using var content = new StringContent(Specs.Quick, Encoding.UTF8, "application/json");
            using var response = await http.PostAsync(new Uri("/api/v1/jobs", UriKind.Relative), content);
            response.IsSuccessStatusCode.ShouldBeTrue(await response.Content.ReadAsStringAsync());
            return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
        }

        public async Task<string?> StateAsync(Guid job) => JsonDocument.Parse(await GetAsync($"/api/v1/jobs/{job}")).RootElement.GetProperty("state").GetString();

        public Task<string> GetAsync(string path) => http.GetStringAsync(new Uri(path, UriKind.Relative));

        public async Task EndAsync()
        {
            process.Send(Signal.Terminate);
            (await process.EndsAsync()).ShouldBe(0, process.Output);
        }

        public async ValueTask DisposeAsync()
        {
            http.Dispose();
            await process.DisposeAsync();
        }
    }
}
