using System.Diagnostics;
using System.Text.Json;
using NeuralCapacitance.EndToEnd.Processes;

namespace NeuralCapacitance.EndToEnd.Access;

/// <summary>Keys made on the machine, on a private PostgreSQL: beside the service, and without it.</summary>
public sealed class KeysCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_key_is_made_alone_and_then_beside_the_service_which_takes_it()
    {
        var (code, secret, said) = await KeysAsync("create", "--name", "first", "--role", "read", "--expires", "90d");
        code.ShouldBe(0, said);
        secret.Trim().ShouldMatch("^nck_[A-Za-z0-9_-]{43}$", "the secret alone is on standard output");
        said.ShouldContain("'first'");

        await using var api = ServiceProcess.Start("api", "Api", ["serve", "--urls=http://127.0.0.1:0", "--Worker:InProcess=false"], Settings, _folder.Path);
        const string listening = "Now listening on: ";
        var line = await api.SaysAsync(listening);
        using var http = new HttpClient { BaseAddress = new(line[(line.IndexOf(listening, StringComparison.Ordinal) + listening.Length)..].Split(' ')[0]) };
        (await StatusAsync(http, secret.Trim())).ShouldBe(200);
        (await StatusAsync(http, secret: null)).ShouldBe(401);

        var (_, json, _) = await KeysAsync("create", "--name", "second", "--role", "submit", "--json");
        var second = JsonDocument.Parse(json).RootElement;
        (await StatusAsync(http, second.GetProperty("secret").GetString())).ShouldBe(200);
        var (rotated, fresh, _) = await KeysAsync("rotate", "first");
        rotated.ShouldBe(0);
        (await StatusAsync(http, fresh.Trim())).ShouldBe(200);
        (await KeysAsync("revoke", "second")).Code.ShouldBe(0);
        await Eventually.Async("the revoked key to be refused", () => StatusAsync(http, second.GetProperty("secret").GetString()), status => status == 401);

        var (_, table, _) = await KeysAsync("list");
        table.ShouldContain("first");
        table.ShouldContain("revoked");
        table.ShouldNotContain(fresh.Trim());
        var listed = JsonDocument.Parse((await KeysAsync("list", "--json")).Output).RootElement.GetProperty("items").EnumerateArray().ToList();
        listed.Select(key => key.GetProperty("name").GetString()).ShouldBe(["first", "second"]);
        listed[0].GetProperty("lastUsedAt").ValueKind.ShouldBe(JsonValueKind.String);

        api.Send(Signal.Terminate);
        (await api.EndsAsync()).ShouldBe(0, api.Output);
    }

    [Fact]
    public async Task What_is_wrong_is_told_on_standard_error_and_nothing_on_standard_output()
    {
        (await KeysAsync("create", "--name", "taken", "--role", "read")).Code.ShouldBe(0);

        await RefusedAsync("'taken'", "create", "--name", "taken", "--role", "read");
        await RefusedAsync("accepted is read, submit, operate, admin", "create", "--name", "x", "--role", "root");
        await RefusedAsync("letters, digits", "create", "--name", "no name", "--role", "read");
        await RefusedAsync("3650d", "create", "--name", "x", "--role", "read", "--expires", "soon");
        await RefusedAsync("30d", "rotate", "taken", "--overlap", "31d");
        await RefusedAsync("'absent'", "rotate", "absent");
        await RefusedAsync("'absent'", "revoke", "absent");
        await RefusedAsync("'--jason' is unknown", "list", "--jason");
        await RefusedAsync("Storage:Root is empty", "list", "--Storage:Root= ");
    }

    private async Task RefusedAsync(string reason, params string[] arguments)
    {
        var (code, output, said) = await KeysAsync(arguments);
        code.ShouldBe(1, said);
        said.ShouldContain(reason);
        output.ShouldNotContain("nck_");
    }

    private Dictionary<string, string> Settings => new(StringComparer.Ordinal) { ["Storage__Root"] = _folder.PathOf("root"), ["DOTNET_EnableDiagnostics"] = "0" };

    private async Task<(int Code, string Output, string Said)> KeysAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Repository.Program("Api"), "keys", .. arguments]) {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder.Path,
        };
        foreach (var (key, value) in Settings) start.Environment[key] = value;
        using var process = Process.Start(start)!;
        var (output, said) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await said);
    }

    private static async Task<int> StatusAsync(HttpClient http, string? secret)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/jobs");
        if (secret is not null) request.Headers.Authorization = new("Bearer", secret);
        using var answer = await http.SendAsync(request);
        return (int)answer.StatusCode;
    }
}
