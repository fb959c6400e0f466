using NeuralCapacitance.Domain.Backbones;
using NeuralCapacitance.Domain.Jobs;

namespace NeuralCapacitance.Worker.Backbones.NasBench201;

/// <summary>
/// A cell of NAS-Bench-201 (arXiv 2001.00326): four nodes, and an operation on the edge from each node to each later one. Node 0 is the
/// cell's input, node 3 its output; a node is the sum of its incoming edges.
/// </summary>
/// <param name="Edges">Edge [i][j] leads from node j to node i + 1.</param>
internal sealed record Architecture(IReadOnlyList<IReadOnlyList<Operation>> Edges)
{
    private const int NodesAfterInput = 3;

    /// <summary>As the benchmark writes them.</summary>
    public static IReadOnlyDictionary<string, Operation> Operations { get; } = new Dictionary<string, Operation>(StringComparer.Ordinal)
    {
        ["none"] = Operation.None,
        ["skip_connect"] = Operation.Skip,
        ["nor_conv_1x1"] = Operation.Conv1x1,
        ["nor_conv_3x3"] = Operation.Conv3x3,
        ["avg_pool_3x3"] = Operation.AvgPool3x3,
    };

    /// <summary>How often an operation occurs.</summary>
    public int Count(Operation operation) => Edges.Sum(node => node.Count(edge => edge == operation));

    /// <summary>Reads <c>|op~0|+|op~0|op~1|+|op~0|op~1|op~2|</c>.</summary>
    /// <param name="fault">What is wrong, where the result is null.</param>
    public static Architecture? Parse(string text, out BackboneFault? fault)
    {
        const string Grammar = "|OP~0|+|OP~0|OP~1|+|OP~0|OP~1|OP~2|, where OP is one of none, skip_connect, nor_conv_1x1, nor_conv_3x3, avg_pool_3x3";
        var nodes = text.Split('+');
        if (nodes.Length != NodesAfterInput)
        {
            fault = new($"has {nodes.Length} {(nodes.Length == 1 ? "node" : "nodes")} between '+', not {NodesAfterInput}", Grammar);
            return null;
        }

        var edges = new List<IReadOnlyList<Operation>>();
        var position = 1;
        foreach (var node in nodes)
        {
            var (problem, operations) = ParseNode(node, edges.Count + 1);
            if (problem is not null)
            {
                fault = new($"{problem} (node {edges.Count + 1}, '{node}', from character {position} of the cell)", Grammar);
                return null;
            }

            edges.Add(operations);
            position += node.Length + 1;
        }

        fault = null;
        return new(edges);
    }

    private static (string? Problem, List<Operation> Operations) ParseNode(string text, int incoming)
    {
        var operations = new List<Operation>();
        if (text.Length < 2 || text[0] != '|' || text[^1] != '|')
            return ("does not put each operation between '|'", operations);
        var edges = text[1..^1].Split('|');
        if (edges.Length != incoming)
            return ($"has {edges.Length} {(edges.Length == 1 ? "operation" : "operations")}, not one for each of the {incoming} earlier {(incoming == 1 ? "node" : "nodes")}", operations);

        for (var source = 0; source < incoming; source++)
        {
            var (name, from) = edges[source].Split('~') is [var op, var number] ? (op, number) : (edges[source], "");
            if (!Operations.TryGetValue(name, out var operation))
                return ($"'{name}' is no operation{(NearestNames.To(name, Operations.Keys) is [var near, ..] ? $"; did you mean {near}?" : "")}", operations);
            if (!string.Equals(from, $"{source}", StringComparison.Ordinal))
                return ($"'{edges[source]}' should come from node {source}: '{name}~{source}'", operations);
            operations.Add(operation);
        }

        return (null, operations);
    }
}
