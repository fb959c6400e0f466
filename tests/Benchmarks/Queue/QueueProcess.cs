using System.CommandLine;
using System.Diagnostics;
using System.Globalization;

namespace NeuralCapacitance.Benchmarks.Queue;

/// <summary>A worker of the queue's benchmarks as a process of its own: this program, started with another command.</summary>
internal sealed class QueueProcess : IDisposable
{
    private const string Name = "queue-worker";

    private static readonly Dictionary<string, string> Environment = new(StringComparer.Ordinal)
    {
        // A killed process would leave its diagnostics pipe behind.
        ["DOTNET_EnableDiagnostics"] = "0",
        ["OMP_NUM_THREADS"] = "1",
        ["TORCH_CPP_LOG_LEVEL"] = "ERROR",
    };

    private readonly Process _process;

    private QueueProcess(Process process) => _process = process;

    public bool HasEnded => _process.HasExited;

    /// <summary>For this program's own use.</summary>
    public static Command Command()
    {
        var role = new Argument<QueueRole>("role");
        var connection = new Argument<string>("connection");
        var folder = new Argument<string>("folder");
        var slots = new Argument<int>("slots");
        var pace = new Argument<double>("milliseconds");
        var settings = new Argument<string[]>("settings") { Arity = ArgumentArity.ZeroOrMore };
        var command = new Command(Name, "A worker that the benchmarks queue and soak start.") { role, connection, folder, slots, pace, settings };
        command.Hidden = true;
        command.SetAction(async (arguments, _) =>
        {
            (string, string)[] pairs = [.. arguments.GetValue(settings)!.Select(pair => pair.Split('=', 2)).Select(pair => (pair[0], pair[1]))];
            await using var node = await QueueNode.StartAsync(
                arguments.GetValue(role), arguments.GetValue(connection)!, arguments.GetValue(folder)!, arguments.GetValue(slots), TimeSpan.FromMilliseconds(arguments.GetValue(pace)), pairs);
            await node.WaitForShutdownAsync();
        });
        return command;
    }

    public static QueueProcess Start(QueueRole role, string connectionString, string folder, int slots, TimeSpan pace, params (string Key, string Value)[] settings)
    {
        string[] arguments =
        [
            typeof(QueueProcess).Assembly.Location, Name, role.ToString(), connectionString, folder,
            slots.ToString(CultureInfo.InvariantCulture), pace.TotalMilliseconds.ToString(CultureInfo.InvariantCulture),
            .. settings.Select(setting => $"{setting.Key}={setting.Value}"),
        ];
        var start = new ProcessStartInfo("dotnet", arguments) { UseShellExecute = false, RedirectStandardInput = true };
        foreach (var (key, value) in Environment) start.Environment[key] = value;
        return new(Process.Start(start)!);
    }

    /// <param name="signal">As <c>kill</c> names it: KILL, STOP, CONT, TERM.</param>
    public async Task SendAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    public Task EndsAsync() => _process.WaitForExitAsync();

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
