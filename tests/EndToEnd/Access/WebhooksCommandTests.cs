using System.Diagnostics;

namespace NeuralCapacitance.EndToEnd.Access;

/// <summary>The secrets of webhooks on the machine, on a private PostgreSQL.</summary>
public sealed class WebhooksCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_secret_of_the_installation_and_that_of_a_key_are_shown_and_rotated()
    {
        var (code, first, said) = await RunAsync("webhooks", "secret");
        code.ShouldBe(0, said);
        first.Trim().ShouldMatch("^whsec_[A-Za-z0-9+/]{43}=$", "the secret alone is on standard output");
        (await RunAsync("webhooks", "secret")).Output.ShouldBe(first);

        var (rotated, second, kept) = await RunAsync("webhooks", "secret", "--rotate");
        (rotated, second == first).ShouldBe((0, false));
        kept.ShouldContain("signs too, until");

        (await RunAsync("keys", "create", "--name", "ci", "--role", "submit")).Code.ShouldBe(0);
        var (known, third, _) = await RunAsync("webhooks", "secret", "--key", "ci");
        (known, third == second).ShouldBe((0, false));
        var (unknown, nothing, reason) = await RunAsync("webhooks", "secret", "--key", "absent");
        (unknown, nothing).ShouldBe((1, ""));
        reason.ShouldContain("'absent'");
    }

    private async Task<(int Code, string Output, string Said)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Repository.Program("Api"), .. arguments])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder.Path,
        };
        start.Environment["Storage__Root"] = _folder.PathOf("root");
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        using var process = Process.Start(start)!;
        var (output, said) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await said);
    }
}
