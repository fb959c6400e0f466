using System.Diagnostics;
using System.Runtime.Versioning;

namespace NeuralCapacitance.EndToEnd.Deployment;

[UnsupportedOSPlatform("windows")]
public sealed class ScriptTests
{
    private static readonly string[] Files =
        [.. new[] { "run", "test", "bench", ".ci/run" }
            .Concat(Directory.GetFiles(Repository.PathOf("scripts")).Select(file => Path.GetRelativePath(Repository.Root, file)))
            .Order(StringComparer.Ordinal)];

    public static TheoryData<string> Scripts => [.. Files];

    [Theory, MemberData(nameof(Scripts))]
    public async Task Bash_can_read_it(string script)
        => (await RunAsync("bash", "-n", Repository.PathOf(script))).ShouldBe((0, ""));

    [Theory, MemberData(nameof(Scripts))]
    public void It_can_be_executed_unless_it_is_sourced(string script)
        => File.GetUnixFileMode(Repository.PathOf(script)).HasFlag(UnixFileMode.UserExecute).ShouldBe(script != "scripts/environment");

    /// <summary>A fresh machine needs the .NET SDK and PostgreSQL; python3-torch comes only with what is compared to it.</summary>
    [Theory]
    [InlineData("cmake")]
    [InlineData("g++")]
    [InlineData("make")]
    [InlineData("libtorch")]
    [InlineData("build-native")]
    public void Nothing_is_compiled_but_by_dotnet(string word)
        => Files.Concat(["Dockerfile", "Dockerfile.gpu"])
            .Where(file => Repository.Read(file).Split('\n').Any(line => !line.TrimStart().StartsWith('#') && line.Split(' ', '(', ')', '"', '\'', '/').Contains(word, StringComparer.Ordinal)))
            .ShouldBeEmpty();

    [Fact]
    public async Task A_summary_adds_up_projects_and_counts_a_crashed_one_as_failed()
    {
        using var results = new TemporaryFolder();
        await File.WriteAllTextAsync(results.PathOf("A.trx"), Trx(("One", "Passed", ""), ("Two(x: &quot;a&quot;)", "Passed", ""), ("Three", "NotExecuted", "no &lt;GPU&gt;")));
        await File.WriteAllTextAsync(results.PathOf("A.exit"), "0\n");
        await File.WriteAllTextAsync(results.PathOf("B.trx"), Trx(("Four", "Failed", "was 1")));
        await File.WriteAllTextAsync(results.PathOf("B.exit"), "1\n");
        await File.WriteAllTextAsync(results.PathOf("C.trx"), Trx(("Five", "Passed", "")));
        await File.WriteAllTextAsync(results.PathOf("C.exit"), "134\n");
        await File.WriteAllTextAsync(results.PathOf("D.exit"), "0\n");

        var (status, output) = await RunAsync(Repository.PathOf("scripts/summarize-tests"), results.Path);

        status.ShouldBe(1);
        output.Trim().Split('\n').ShouldBe([
            "skipped  Three: no <GPU>",
            "FAILED   Four: was 1",
            "FAILED   C: the test run ended with exit code 134 after 1 results",
            "FAILED   D: the test run ended with exit code 0 after 0 results",
            "3 passed, 3 failed, 1 skipped",
        ]);
    }

    [Fact]
    public async Task A_summary_of_passed_tests_succeeds()
    {
        using var results = new TemporaryFolder();
        await File.WriteAllTextAsync(results.PathOf("A.trx"), Trx(("One", "Passed", "")));
        await File.WriteAllTextAsync(results.PathOf("A.exit"), "0\n");
        (await RunAsync(Repository.PathOf("scripts/summarize-tests"), results.Path)).ShouldBe((0, "\n1 passed, 0 failed, 0 skipped\n"));
    }

    /// <summary>As vstest lays it out: one element a line.</summary>
    private static string Trx(params (string Test, string Outcome, string Message)[] results)
        => "<TestRun>\n  <Results>\n" + string.Concat(results.Select(r =>
            $"    <UnitTestResult testName=\"{r.Test}\" outcome=\"{r.Outcome}\" testListId=\"1\">\n      <Output>\n        <ErrorInfo>\n          <Message>{r.Message}</Message>\n"
            + "        </ErrorInfo>\n      </Output>\n    </UnitTestResult>\n")) + "  </Results>\n</TestRun>\n";

    private static async Task<(int Status, string Output)> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await errors);
    }
}
