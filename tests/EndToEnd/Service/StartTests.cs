using NeuralCapacitance.EndToEnd.Processes;

namespace NeuralCapacitance.EndToEnd.Service;

/// <summary>Programs that cannot start say why, all of it, and nothing that only a programmer reads.</summary>
public sealed class StartTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("Api", "serve", "The service")]
    [InlineData("Api", "run", "The service")]
    [InlineData("Worker", "", "The worker")]
    public async Task Wrong_settings_are_all_told_in_one_plain_list(string project, string command, string told)
    {
        string[] arguments =
        [
            .. command.Length > 0 ? [command] : Array.Empty<string>(), .. command is "run" ? ["--port", "0"] : Array.Empty<string>(),
            $"--Storage:Root={_folder.PathOf("root")}", "--Worker:Slots=many", "--Worker:Slotz=2", "--Queue:PollInterval=00:00:00", "--Uploads:MaxFiles=0",
            "--ConnectionStrings:Postgres=Hos=nowhere",
        ];
        await using var process = ServiceProcess.Start(told, project, arguments, new Dictionary<string, string>(StringComparer.Ordinal), _folder.Path);

        (await process.EndsAsync()).ShouldBe(1);

        var output = process.Output;
        output.ShouldContain($"{told} cannot start; 5 things are wrong:");
        output.ShouldContain("- Worker:Slots is 'many'; accepted is a whole number.");
        output.ShouldContain("- Worker:Slotz is no setting; did you mean Worker:Slots?");
        output.ShouldContain("- Queue:PollInterval is 00:00:00; accepted is");
        output.ShouldContain("- Uploads:MaxFiles is 0; accepted is 1 or more.");
        output.ShouldContain("- ConnectionStrings:Postgres is no connection string");
        output.ShouldNotContain("   at ");
        output.ShouldNotContain("Exception");
    }

    [Theory]
    [InlineData("Api", "The service")]
    [InlineData("Worker", "The worker")]
    public async Task A_root_that_cannot_be_written_to_ends_the_start_with_a_reason(string project, string told)
    {
        await using var process = ServiceProcess.Start(
            told, project, ["--Storage:Root=/proc/nc-data", "--urls=http://127.0.0.1:0"], new Dictionary<string, string>(StringComparer.Ordinal), _folder.Path);

        (await process.EndsAsync()).ShouldBe(1);

        process.Output.ShouldContain($"{told} cannot start: Storage:Root '/proc/nc-data' cannot be written to");
        process.Output.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task The_log_is_an_object_a_line_where_the_settings_say_so()
    {
        await using var process = ServiceProcess.Start(
            "api", "Api", ["serve", $"--Storage:Root={_folder.PathOf("root")}", "--urls=http://127.0.0.1:0", "--Logging:Format=json"], new Dictionary<string, string>(StringComparer.Ordinal), _folder.Path);
        await process.SaysAsync("Now listening on");
        process.Send(Signal.Terminate);
        (await process.EndsAsync()).ShouldBe(0);

        foreach (var line in process.Output.Split('\n'))
        {
            using var json = System.Text.Json.JsonDocument.Parse(line);
            json.RootElement.GetProperty("@t").GetDateTimeOffset().Offset.ShouldBe(TimeSpan.Zero);
            json.RootElement.TryGetProperty("@m", out _).ShouldBeTrue(line);
        }
    }

    public void Dispose() => _folder.Dispose();
}
