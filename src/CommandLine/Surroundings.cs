using Spectre.Console;

namespace NeuralCapacitance.CommandLine;

/// <summary>What a command sees of the world: where results go, where notes go, and what it may read.</summary>
internal sealed class Surroundings
{
    /// <summary>Wide enough for every table: a pipe or a file has no width.</summary>
    private const int PipeWidth = 160;

    /// <summary>Of this process.</summary>
    public static Surroundings OfProcess() => new()
    {
        Output = Console.Out,
        Results = ConsoleOf(Console.Out, Console.IsOutputRedirected),
        Notes = ConsoleOf(Console.Error, Console.IsErrorRedirected),
        OpenInput = Console.OpenStandardInput,
        OpenOutput = Console.OpenStandardOutput,
        Variable = Environment.GetEnvironmentVariable,
    };

    /// <summary>For programs: text as it is.</summary>
    public required TextWriter Output { get; init; }

    /// <summary>Tables.</summary>
    public required IAnsiConsole Results { get; init; }

    /// <summary>Progress, hints and refusals, which are no result.</summary>
    public required IAnsiConsole Notes { get; init; }

    public required Func<Stream> OpenInput { get; init; }

    public required Func<Stream> OpenOutput { get; init; }

    /// <summary>An environment variable; null where it is not set.</summary>
    public required Func<string, string?> Variable { get; init; }

    public static IAnsiConsole ConsoleOf(TextWriter output, bool isRedirected)
    {
        if (!isRedirected) return AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output), Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Interactive = InteractionSupport.No,
        });
        console.Profile.Width = PipeWidth;
        return console;
    }
}
