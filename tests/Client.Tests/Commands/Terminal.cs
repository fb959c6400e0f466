using System.CommandLine;
using System.Text;
using NeuralCapacitance.CommandLine;

namespace NeuralCapacitance.Client.Tests.Commands;

/// <summary>Runs a command line as the program does, without a terminal, and keeps what it writes.</summary>
internal sealed class Terminal
{
    private readonly StringWriter _output = new(), _notes = new();
    private readonly MemoryStream _bytes = new();

    /// <summary>What there is on standard input.</summary>
    public string Input { get; init; } = "";

    public Dictionary<string, string> Variables { get; } = new(StringComparer.Ordinal);

    public string Output => _output + Encoding.UTF8.GetString(_bytes.ToArray());

    public string Notes => _notes.ToString();

    /// <returns>The exit code.</returns>
    public Task<int> RunAsync(string[] arguments, CancellationToken cancellationToken = default)
    {
        var root = new RootCommand("test");
        var surroundings = new Surroundings
        {
            Output = _output,
            Results = Surroundings.ConsoleOf(_output, isRedirected: true),
            Notes = Surroundings.ConsoleOf(_notes, isRedirected: true),
            OpenInput = () => new MemoryStream(Encoding.UTF8.GetBytes(Input)),
            OpenOutput = () => _bytes,
            Variable = name => Variables.GetValueOrDefault(name),
        };
        foreach (var command in ClientCommands.Create(surroundings)) root.Subcommands.Add(command);
        return ClientCommands.RunAsync(
            root.Parse(arguments), [root], new InvocationConfiguration { Output = _output, Error = _notes, EnableDefaultExceptionHandler = false }, cancellationToken);
    }
}
