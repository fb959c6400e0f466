using NeuralCapacitance.EndToEnd.Processes;

namespace NeuralCapacitance.EndToEnd.Service;

/// <summary>What ./run starts: everything in one process, and a private PostgreSQL.</summary>
public sealed class RunCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Run_once_prints_the_ranking_and_leaves_no_process_behind()
    {
        await using var run = Start("run", "--once");

        (await run.EndsAsync()).ShouldBe(0, run.Output);

        run.Output.ShouldContain("resnet8");
        run.Output.ShouldContain("cnn-small");
        ProcessesOnTheFolder().ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_once_works_where_keys_were_made_and_needs_none_itself()
    {
        await using (var keys = Start("keys", "create", "--name", "somebody", "--role", "read")) (await keys.EndsAsync()).ShouldBe(0, keys.Output);
        await using var run = Start("run", "--once");

        (await run.EndsAsync()).ShouldBe(0, run.Output);

        run.Output.ShouldContain("resnet8");
        ProcessesOnTheFolder().ShouldBeEmpty();
    }

    [Fact]
    public async Task Stopped_in_mid_trial_it_ends_cleanly_and_leaves_no_process_behind()
    {
        await using var run = Start("run", "--verbose");
        await run.SaysAsync("starts: attempt 1");

        run.Send(Signal.Terminate);
        var status = await run.EndsAsync();

        status.ShouldBe(0, run.Output);
        ProcessesOnTheFolder().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_refused_spec_is_explained_and_ends_with_an_error()
    {
        await File.WriteAllTextAsync(_folder.PathOf("spec.json"), Specs.Small.Replace("resnet8", "resnet9", StringComparison.Ordinal));
        await using var run = Start("run", "--once");

        (await run.EndsAsync()).ShouldBe(1, run.Output);

        run.Output.ShouldContain("candidates[0]");
        run.Output.ShouldContain("did you mean");
        ProcessesOnTheFolder().ShouldBeEmpty();
    }

    private ServiceProcess Start(params string[] arguments)
    {
        var spec = _folder.PathOf("spec.json");
        if (!File.Exists(spec)) File.WriteAllText(spec, Specs.Small);
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Storage__Root"] = _folder.PathOf("data"), ["Worker__Threads"] = "1", ["OMP_NUM_THREADS"] = "1", ["DOTNET_EnableDiagnostics"] = "0",
        };
        string[] more = arguments[0] is "run" ? ["--port", "0", "--spec", spec] : [];
        return ServiceProcess.Start(arguments[0], "Api", [.. arguments, .. more], settings, _folder.Path);
    }

    /// <summary>PostgreSQL's name its folder on their command line, ours in their environment.</summary>
    private List<string> ProcessesOnTheFolder()
        => [.. Directory.GetDirectories("/proc").Where(process => int.TryParse(Path.GetFileName(process), out _))
            .Where(process => Mentions($"{process}/cmdline") || Mentions($"{process}/environ"))];

    private bool Mentions(string file)
    {
        try
        {
            return File.ReadAllText(file).Contains(_folder.Path, StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It ended meanwhile, or is somebody else's.
            return false;
        }
    }
}
