using NeuralCapacitance.Worker.Backbones;

namespace NeuralCapacitance.Worker.Weights;

/// <summary>Finds the tensors in a file that are meant: of all its dicts, and all beginnings that their names share, those that fit the backbone.</summary>
internal static class WeightsChoice
{
    /// <summary>Prefixes of one dict that are tried: encoders, teachers and averages of one training are few.</summary>
    private const int MostPrefixes = 8;

    /// <summary>MoCo's query encoder, beside a momentum copy of it. Its authors, and all after them, take this one.</summary>
    private const string Query = "encoder_q";

    private const int NamesShown = 5;

    private const int LongestShown = 120;

    /// <summary>Parts of a prefix.</summary>
    private const int DeepestPrefix = 16;

    /// <param name="part">As <c>file:PATH#PART</c> names it; null: not named.</param>
    /// <param name="source">As the job spec names the file; for messages.</param>
    /// <exception cref="WeightsException">None fits, or several do.</exception>
    public static WeightsFit Choose(IWeightsFile file, string? part, IReadOnlyList<StateShape> state, Backbone backbone, string source)
    {
        var tried = Try(file, state, backbone);
        if (part is not null)
        {
            tried = Named(part, tried, file, source);
        }
        var whole = Distinct(tried.Where(fit => fit.IsWhole));
        return whole switch
        {
            [var only] => only,
            [] => throw DoesNotFit(tried, file, state, backbone, source),
            _ when whole.FindAll(fit => PartOf(fit).Split('.').Contains(Query, StringComparer.Ordinal)) is [var query] => query,
            _ => throw new WeightsException(
                $"'{source}' holds several sets of weights that fit {backbone.Name}: {string.Join(", ", whole.Select(fit => $"'{ShortPartOf(fit, whole)}'"))}; "
                + $"name the one that is meant: \"{source}#{ShortPartOf(whole[^1], whole)}\"."),
        };
    }

    /// <summary>The dict alone, where nothing else of it fits.</summary>
    private static string ShortPartOf(WeightsFit fit, List<WeightsFit> whole)
        => whole.Count(other => ReferenceEquals(other.Dict, fit.Dict)) == 1 && fit.Dict.Path.Length > 0 ? fit.Dict.Path : PartOf(fit);

    /// <summary>How the spec names it.</summary>
    public static string PartOf(WeightsFit fit) => Join(fit.Dict.Path, fit.Prefix);

    private static List<WeightsFit> Try(IWeightsFile file, IReadOnlyList<StateShape> state, Backbone backbone)
    {
        var targets = state.Select(s => s.Name).ToHashSet(StringComparer.Ordinal);
        var largest = file.Dicts.MaxBy(dict => dict.Entries.Count);
        var fits = new List<WeightsFit>();
        foreach (var dict in file.Dicts)
        {
            (string Bare, WeightsEntry Entry)[] names = [.. dict.Entries.Select(entry => (ParameterNames.Bare(entry.Name), entry))];
            var prefixes = PrefixesIn(names, targets);
            if (prefixes.Count == 0 && ReferenceEquals(dict, largest))
            {
                prefixes = [""];
            }
            fits.AddRange(prefixes.Select(prefix => new WeightsFit(dict, names, prefix, state, backbone)));
        }
        return fits;
    }

    /// <summary>What comes before a name of the backbone, the commonest first.</summary>
    private static List<string> PrefixesIn(IEnumerable<(string Bare, WeightsEntry Entry)> names, HashSet<string> targets)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        var lookup = targets.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var (bare, _) in names)
        {
            var at = 0;
            for (var depth = 0; depth < DeepestPrefix; depth++)
            {
                if (lookup.Contains(bare.AsSpan(at)))
                {
                    counts[bare[..at]] = counts.GetValueOrDefault(bare[..at]) + 1;
                }
                at = bare.IndexOf('.', at) + 1;
                if (at == 0)
                {
                    break;
                }
            }
        }
        return [.. counts.OrderByDescending(count => count.Value).ThenBy(count => count.Key, StringComparer.Ordinal).Take(MostPrefixes).Select(count => count.Key)];
    }

    /// <summary>One dict may be there under two keys.</summary>
    private static List<WeightsFit> Distinct(IEnumerable<WeightsFit> fits)
    {
        var distinct = new List<WeightsFit>();
        foreach (var fit in fits)
        {
            if (!distinct.Exists(fit.IsSameAs))
            {
                distinct.Add(fit);
            }
        }
        return distinct;
    }

    private static List<WeightsFit> Named(string part, List<WeightsFit> tried, IWeightsFile file, string source)
    {
        var inDict = tried.FindAll(fit => string.Equals(fit.Dict.Path, part, StringComparison.Ordinal));
        var named = inDict.Count > 0
            ? inDict
            : tried.FindAll(fit => string.Equals(ParameterNames.Bare(PartOf(fit)), ParameterNames.Bare(part.TrimEnd('.')), StringComparison.Ordinal));
        if (named.Count > 0)
        {
            return named;
        }
        var whole = Distinct(tried.Where(fit => fit.IsWhole));
        string[] parts = whole.Count > 0
            ? [.. whole.Select(fit => ShortPartOf(fit, whole))]
            : [.. file.Dicts.OrderByDescending(dict => dict.Entries.Count).Select(dict => dict.Path)];
        throw new WeightsException(parts is [""]
            ? $"'{source}' names the part '{part}', and the file holds one set of weights and no parts; leave '#{part}' out."
            : $"'{source}' names the part '{part}', and the file holds no such weights; it has {Shown(parts.Select(p => $"'{p}'"))}.");
    }

    private static WeightsException DoesNotFit(List<WeightsFit> tried, IWeightsFile file, IReadOnlyList<StateShape> state, Backbone backbone, string source)
    {
        var best = tried.OrderByDescending(fit => fit.Matched - fit.Misshapen.Count).ThenByDescending(fit => fit.Matched).ThenByDescending(fit => fit.Dict.Entries.Count).FirstOrDefault();
        if (best is null || best.Matched == 0)
        {
            return new WeightsException(file.WholeModel is { } model
                ? $"'{source}' holds a whole model, of class '{model}', which is not rebuilt, since that would run the code that the file names; {PyTorch.PyTorchReader.SaveWeights}."
                : $"'{source}' has no weights under the names of {backbone.Name}: its names begin with {Shown(Beginnings((best?.Dict ?? file.Dicts[0]).Entries.Select(e => e.Name)))}, "
                    + $"expected {Shown(Beginnings(state.Select(s => s.Name)))}; rename them, or choose the backbone that they come from.");
        }
        var where = PartOf(best) is { Length: > 0 } part ? $" (of all that it holds, '{part}' comes nearest)" : "";
        return new WeightsException(
            $"'{source}' does not fit the backbone {backbone.Name}{where}: {best.Matched} of its {state.Count} tensors are there; "
            + (best.Collision is { } collision ? $"{collision}; " : "")
            + Describe("missing", [.. best.Missing.Select(name => best.Dict.Unread.TryGetValue(best.Prefix + name, out var kind) ? $"{name} (it is a '{kind}', which is not read)" : name)])
            + Describe("unexpected", best.Unexpected)
            + Describe("of another shape", [.. best.Misshapen.Select(s => $"{s.Name} {Shape(best.Given[s.Name].Shape)} instead of {Shape(s.Shape)}")])
            + "save the weights of the same backbone, or choose the backbone that they come from.");
    }

    /// <summary>The first names, one of each member.</summary>
    private static IEnumerable<string> Beginnings(IEnumerable<string> names)
        => names.GroupBy(name => name.Split('.')[0], StringComparer.Ordinal).Select(group => $"'{group.First()}'");

    private static string Join(string path, string prefix) => string.Join('.', new[] { path, prefix.TrimEnd('.') }.Where(p => p.Length > 0));

    private static string Shape(IEnumerable<long> sizes) => $"[{string.Join(", ", sizes)}]";

    private static string Describe(string what, IReadOnlyList<string> names) => names.Count == 0 ? "" : $"{what}: {Shown(names)}; ";

    private static string Shown(IEnumerable<string> names)
    {
        string[] all = [.. names.Select(name => name.Length <= LongestShown ? name : $"{name[..LongestShown]}…")];
        return all.Length <= NamesShown ? string.Join(", ", all) : $"{string.Join(", ", all.Take(NamesShown))} and {all.Length - NamesShown} more";
    }
}
