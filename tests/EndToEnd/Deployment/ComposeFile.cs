using System.Text.RegularExpressions;

namespace NeuralCapacitance.EndToEnd.Deployment;

/// <summary>docker-compose.yml cut into blocks by indentation: enough of YAML for ours. A block with <c>&lt;&lt;: *name</c> holds the named block's text too.</summary>
internal sealed partial class ComposeFile
{
    /// <summary>Without comments.</summary>
    public required string Text { get; init; }

    /// <summary>Text of each service, by name.</summary>
    public required IReadOnlyDictionary<string, string> Services { get; init; }

    public required IReadOnlyCollection<string> Volumes { get; init; }

    public static ComposeFile Parse(string file)
    {
        var text = string.Join('\n', file.Split('\n').Where(line => !line.TrimStart().StartsWith('#')));
        var top = Blocks(text, indent: 0);
        var anchors = top.Concat(Blocks(top["services"], indent: 2)).Where(block => Anchor().IsMatch(block.Value)).ToDictionary(
            block => Anchor().Match(block.Value).Groups["name"].Value, block => block.Value, StringComparer.Ordinal);
        return new()
        {
            Text = text,
            Services = Blocks(top["services"], indent: 2).ToDictionary(
                block => block.Key, block => Resolve(block.Value, anchors), StringComparer.Ordinal),
            Volumes = [.. Blocks(top["volumes"], indent: 2).Keys],
        };
    }

    /// <summary>What is named may name others.</summary>
    private static string Resolve(string text, IReadOnlyDictionary<string, string> anchors)
        => Alias().Replace(text, match => Resolve(anchors[match.Groups["name"].Value], anchors));

    /// <summary>Each key at this indentation with its line and all lines below it that are indented further.</summary>
    public static IReadOnlyDictionary<string, string> Blocks(string text, int indent)
    {
        var blocks = new Dictionary<string, string>(StringComparer.Ordinal);
        string? key = null;
        foreach (var line in text.Split('\n').Where(line => line.Trim().Length > 0))
        {
            var depth = line.Length - line.TrimStart().Length;
            if (depth < indent) key = null;
            else if (depth == indent) blocks[key = line.TrimStart().Split(':')[0]] = line + "\n";
            else if (key is not null) blocks[key] += line + "\n";
        }
        return blocks;
    }

    [GeneratedRegex(@"^\s*\S+:\s*&(?<name>\w+)", RegexOptions.None, 1000)]
    private static partial Regex Anchor();

    [GeneratedRegex(@"<<:\s*\*(?<name>\w+)", RegexOptions.None, 1000)]
    private static partial Regex Alias();
}
