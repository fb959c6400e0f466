using NeuralCapacitance.EndToEnd.Processes;
using NeuralCapacitance.Infrastructure.Tests;

namespace NeuralCapacitance.EndToEnd.Access;

/// <summary>Where other machines reach it, the service starts only if something says who may use it.</summary>
public sealed class StartTests : IDisposable
{
    private const string Everywhere = "http://0.0.0.0:0";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Without_a_key_it_ends_and_says_what_to_do_and_with_one_it_serves()
    {
        var database = await PostgresFixture.NewDatabaseAsync();
        await using (var refused = Serve(database))
        {
            (await refused.EndsAsync()).ShouldBe(1, refused.Output);
            refused.Output.ShouldContain("The service cannot start:");
            refused.Output.ShouldContain("keys create");
            refused.Output.ShouldContain("Auth:AllowAnonymous");
        }

        await using (var keys = Start("keys", database, "keys", "create", "--name", "first", "--role", "admin")) (await keys.EndsAsync()).ShouldBe(0, keys.Output);

        await using var served = Serve(database);
        using var http = new HttpClient { BaseAddress = await ListensAsync(served) };
        (await http.GetAsync(new Uri("/api/v1/jobs", UriKind.Relative))).StatusCode.ShouldBe(System.Net.HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task With_an_issuer_it_serves_who_brings_a_token()
    {
        await using var served = Serve(await PostgresFixture.NewDatabaseAsync(), "--Auth:Jwt:Authority=https://sign-on.invalid", "--Auth:Jwt:Audience=nc");

        using var http = new HttpClient { BaseAddress = await ListensAsync(served) };
        (await http.GetAsync(new Uri("/api/v1/jobs", UriKind.Relative))).StatusCode.ShouldBe(System.Net.HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Open_to_all_it_serves_only_when_that_is_said()
    {
        await using var served = Serve(await PostgresFixture.NewDatabaseAsync(), "--Auth:AllowAnonymous=true");

        using var http = new HttpClient { BaseAddress = await ListensAsync(served) };
        (await http.GetAsync(new Uri("/api/v1/jobs", UriKind.Relative))).StatusCode.ShouldBe(System.Net.HttpStatusCode.OK);
        (await http.GetAsync(new Uri("/api/v1/keys", UriKind.Relative))).StatusCode.ShouldBe(System.Net.HttpStatusCode.Forbidden, "nobody makes a key to come back with");
    }

    [Fact]
    public async Task Wrong_settings_are_told_all_at_once()
    {
        await using var refused = Serve(
            await PostgresFixture.NewDatabaseAsync(), "--Auth:SessionLifetime=00:00:01", "--Auth:FailuresPerMinute=0", "--Auth:Jwt:Authority=http://sign-on.invalid");

        (await refused.EndsAsync()).ShouldBe(1, refused.Output);
        foreach (var setting in new[] { "Auth:SessionLifetime", "Auth:FailuresPerMinute", "Auth:Jwt:Authority", "Auth:Jwt:Audience" }) refused.Output.ShouldContain(setting);
    }

    private ServiceProcess Serve(string database, params string[] settings) => Start("api", database, ["serve", $"--urls={Everywhere}", "--Worker:InProcess=false", .. settings]);

    private ServiceProcess Start(string name, string database, params string[] arguments) => ServiceProcess.Start(
        name,
        "Api",
        arguments,
        new Dictionary<string, string>(StringComparer.Ordinal) { ["ConnectionStrings__Postgres"] = database, ["Storage__Root"] = _folder.PathOf("root"), ["DOTNET_EnableDiagnostics"] = "0" },
        _folder.Path);

    private static async Task<Uri> ListensAsync(ServiceProcess process)
    {
        const string listening = "Now listening on: ";
        var line = await process.SaysAsync(listening);
        await process.SaysAsync("Application started");
        return new(line[(line.IndexOf(listening, StringComparison.Ordinal) + listening.Length)..].Split(' ')[0].Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal));
    }
}
