namespace NeuralCapacitance.Worker.Weights;

/// <summary>What was taken from a file of weights, and what was not.</summary>
/// <param name="Part">The keys that lead to the dict, joined by dots; empty: the outermost.</param>
/// <param name="Stripped">What stood before or between the backbone's names; empty: nothing.</param>
/// <param name="Unused">Sorted names of the file's tensors that have no place in the backbone, its classifier's among them.</param>
public sealed record LoadedWeights(string Part, string Stripped, IReadOnlyList<string> Unused)
{
    private const int NamesShown = 12;

    public static LoadedWeights None { get; } = new("", "", []);

    internal static LoadedWeights Of(WeightsFit fit)
    {
        string[] before = [.. fit.Given.Where(given => given.Value.Name.EndsWith(given.Key, StringComparison.Ordinal))
            .Select(given => given.Value.Name[..^given.Key.Length]).Distinct(StringComparer.Ordinal)];
        // Where wrappers stand in the middle of names, what comes before them differs.
        var stripped = before is [var only] && fit.Given.All(given => given.Value.Name.EndsWith(given.Key, StringComparison.Ordinal))
            ? only
            : string.Join(", ", fit.Given.Values.SelectMany(entry => ParameterNames.WrappersIn(entry.Name)).Prepend(fit.Prefix.TrimEnd('.')).Where(part => part.Length > 0).Distinct(StringComparer.Ordinal).Select(part => $"{part}."));
        return new(fit.Dict.Path, stripped, fit.Unused);
    }

    /// <summary>For whoever looks at the trial; empty where there is nothing to tell.</summary>
    /// <param name="weights">As the spec names them.</param>
    public IEnumerable<string> Notes(string weights)
    {
        if (Part.Length > 0 || Stripped.Length > 0)
        {
            string[] what = [.. Part.Length > 0 ? [$"the weights under '{Part}'"] : (string[])[], .. Stripped.Length > 0 ? [$"'{Stripped}' was stripped from the names"] : (string[])[]];
            yield return $"From {weights}: {string.Join("; ", what)}.";
        }
        if (Unused.Count > 0)
        {
            yield return $"Not used from {weights}, since the backbone has no place for them (its classifier is cut off): {Shown()}.";
        }
    }

    /// <summary>Many are shown by what they belong to.</summary>
    private string Shown() => Unused.Count <= NamesShown
        ? string.Join(", ", Unused)
        : string.Join(", ", Unused.GroupBy(name => name.Split('.')[0], StringComparer.Ordinal).Take(NamesShown).Select(group => group.Count() == 1 ? group.First() : $"{group.Key}.… ({group.Count()} tensors)"));
}
