using System.CommandLine;
using System.CommandLine.Parsing;

namespace NeuralCapacitance.CommandLine;

/// <summary>All that <c>neural-capacitance</c> can be told. The service's own program offers the same beside <c>run</c> and <c>serve</c>.</summary>
public static class ClientCommands
{
    /// <summary>Of this process.</summary>
    public static IReadOnlyList<Command> Create() => Create(Surroundings.OfProcess());

    internal static IReadOnlyList<Command> Create(Surroundings surroundings) =>
    [
        SubmitCommand.Create(surroundings),
        JobsCommand.Create(surroundings),
        JobCommands.Watch(surroundings),
        JobCommands.Ranking(surroundings),
        ObserveCommand.Create(surroundings),
        ReportCommand.Create(surroundings),
        FinalizeCommand.Create(surroundings),
        ModelCommand.Create(surroundings),
        JobCommands.Cancel(surroundings),
        DatasetCommands.Create(surroundings),
        BackboneCommand.Create(surroundings),
    ];

    /// <summary>Runs what was parsed. A command line that cannot be accepted is refused with the exit code 3: 1 says that a job could not tell.</summary>
    /// <param name="commands">Of which, and of whose subcommands, this holds.</param>
    public static async Task<int> RunAsync(ParseResult parsed, IReadOnlyList<Command> commands, InvocationConfiguration configuration, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(parsed);
        var code = await parsed.InvokeAsync(configuration, cancellationToken);
        return parsed.Errors.Count > 0 && IsOneOf(commands, parsed.CommandResult) ? ExitCode.Refused : code;
    }

    private static bool IsOneOf(IReadOnlyList<Command> commands, SymbolResult? result)
        => result is not null && ((result is CommandResult { Command: var command } && commands.Contains(command)) || IsOneOf(commands, result.Parent));
}
