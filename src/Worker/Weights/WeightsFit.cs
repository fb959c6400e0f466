using NeuralCapacitance.Worker.Backbones;
using NeuralCapacitance.Worker.Weights.Keras;

namespace NeuralCapacitance.Worker.Weights;

/// <summary>How the tensors of a dict whose names begin with a prefix fit a backbone.</summary>
internal sealed class WeightsFit
{
    /// <summary>What networks call the classifier, for backbones that nobody published: such tensors have no place in a backbone.</summary>
    private static readonly string[] Classifiers = ["fc", "classifier", "head"];

    /// <summary>Counts batches only; files from before PyTorch 0.4.1 lack it.</summary>
    private const string BatchCount = "num_batches_tracked";

    private readonly List<string> unused = [];

    /// <param name="names">The dict's tensors by their bare names (<see cref="ParameterNames.Bare"/>).</param>
    /// <param name="prefix">Empty, or ends with a dot.</param>
    public WeightsFit(WeightsDict dict, IReadOnlyList<(string Bare, WeightsEntry Entry)> names, string prefix, IReadOnlyList<StateShape> state, Backbone backbone)
    {
        Dict = dict;
        Prefix = prefix;
        var inside = new Dictionary<string, WeightsEntry>(StringComparer.Ordinal);
        foreach (var (bare, entry) in names)
        {
            if (!bare.StartsWith(prefix, StringComparison.Ordinal))
            {
                unused.Add(entry.Name);
            }
            else if (!inside.TryAdd(bare[prefix.Length..], entry))
            {
                Collision ??= $"it has two tensors for '{bare[prefix.Length..]}': '{inside[bare[prefix.Length..]].Name}' and '{entry.Name}'";
            }
        }
        Given = KerasNumbers.Named(inside, state.Select(s => s.Name));
        Missing = [.. state.Where(s => !Given.ContainsKey(s.Name) && !s.Name.EndsWith(BatchCount, StringComparison.Ordinal)).Select(s => s.Name)];
        Misshapen = [.. state.Where(s => Given.TryGetValue(s.Name, out var entry) && !entry.Shape.SequenceEqual(s.Shape))];
        Matched = state.Count(s => Given.ContainsKey(s.Name));
        var leftovers = new Leftovers(state, backbone, Given);
        foreach (var (name, entry) in Given.Where(given => !leftovers.IsOfNetwork(given.Key)))
        {
            (leftovers.HasNoPlace(name) ? unused : Unexpected).Add(entry.Name);
        }
    }

    public WeightsDict Dict { get; }

    /// <summary>That comes before every name.</summary>
    public string Prefix { get; }

    /// <summary>By the names that the backbone has.</summary>
    public IReadOnlyDictionary<string, WeightsEntry> Given { get; }

    /// <summary>Of the backbone's names, those that are there.</summary>
    public int Matched { get; }

    public IReadOnlyList<string> Missing { get; }

    public IReadOnlyList<StateShape> Misshapen { get; }

    /// <summary>Tensors of the file that belong to a part of the network that the backbone lacks.</summary>
    public List<string> Unexpected { get; } = [];

    public string? Collision { get; }

    public bool IsWhole => Missing.Count + Misshapen.Count + Unexpected.Count == 0 && Collision is null;

    /// <summary>Sorted names of the file's tensors that have no place in the backbone, its classifier's among them.</summary>
    public IReadOnlyList<string> Unused => [.. unused.Order(StringComparer.Ordinal)];

    /// <summary>Whether both are the same numbers.</summary>
    public bool IsSameAs(WeightsFit other)
        => Given.Count == other.Given.Count && Given.All(given => other.Given.TryGetValue(given.Key, out var theirs) && given.Value.IsSameAs(theirs));

    private static string FirstOf(string name) => name[..(name.IndexOf('.') is var dot && dot < 0 ? name.Length : dot)];

    /// <summary>What a file has beside a backbone's own tensors: heads do no harm, another layer is another network.</summary>
    private sealed class Leftovers(IReadOnlyList<StateShape> state, Backbone backbone, IReadOnlyDictionary<string, WeightsEntry> given)
    {
        private readonly HashSet<string> names = state.Select(s => s.Name).ToHashSet(StringComparer.Ordinal);

        private readonly HashSet<string> members = state.Select(s => FirstOf(s.Name))
            .Concat(backbone.Head is { } head && head.Contains('.', StringComparison.Ordinal) ? [FirstOf(head)] : [])
            .ToHashSet(StringComparer.Ordinal);

        /// <summary>Members that have kernels of convolutions.</summary>
        private readonly HashSet<string> convolving = given.Where(g => g.Value.Shape.Count > 2).Select(g => FirstOf(g.Key)).ToHashSet(StringComparer.Ordinal);

        public bool IsOfNetwork(string name) => names.Contains(name);

        public bool HasNoPlace(string name)
        {
            var member = FirstOf(name);
            return (backbone.Head is { } head ? StartsWith(name, $"{head}.") : Classifiers.Contains(member, StringComparer.Ordinal))
                || backbone.Ignored.Any(ignored => StartsWith(name, ignored))
                || (!members.Contains(member) && (!convolving.Contains(member) || Classifiers.Contains(member, StringComparer.Ordinal)));
        }

        private static bool StartsWith(string name, string prefix) => name.StartsWith(prefix, StringComparison.Ordinal);
    }
}
