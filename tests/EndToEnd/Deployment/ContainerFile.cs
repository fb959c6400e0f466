namespace NeuralCapacitance.EndToEnd.Deployment;

/// <summary>One instruction of a Dockerfile, continuation lines joined.</summary>
/// <param name="Stage">Name of the stage it is in; empty before the first FROM.</param>
internal sealed record Instruction(string Stage, string Keyword, string Arguments)
{
    /// <summary>Arguments of COPY without its options.</summary>
    public IReadOnlyList<string> Words =>
        [.. Arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(word => !word.StartsWith("--", StringComparison.Ordinal))];

    public string? Option(string name)
        => Arguments.Split(' ').FirstOrDefault(word => word.StartsWith($"--{name}=", StringComparison.Ordinal))?.Split('=', 2)[1];
}

/// <summary>A Dockerfile as a list of instructions: enough of its syntax for ours.</summary>
internal static class ContainerFile
{
    public static IReadOnlyList<Instruction> Parse(string text)
    {
        var stage = "";
        var instructions = new List<Instruction>();
        foreach (var line in Join(text.Split('\n')))
        {
            var parts = line.Split(' ', 2, StringSplitOptions.TrimEntries);
            var (keyword, arguments) = (parts[0].ToUpperInvariant(), parts.Length > 1 ? parts[1] : "");
            if (keyword == "FROM") stage = StageOf(arguments);
            instructions.Add(new(stage, keyword, arguments));
        }
        return instructions;
    }

    private static string StageOf(string from)
    {
        var words = from.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words is [_, var keyword, var name] && keyword.Equals("AS", StringComparison.OrdinalIgnoreCase)
            ? name
            : throw new FormatException($"FROM {from}: every stage has a name here (FROM image AS name).");
    }

    private static IEnumerable<string> Join(IEnumerable<string> lines)
    {
        var joined = "";
        foreach (var line in lines.Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#'))
        {
            joined += line.TrimEnd('\\');
            if (line.EndsWith('\\')) continue;
            yield return joined;
            joined = "";
        }
    }
}
