namespace NeuralCapacitance.Domain.Jobs;

/// <summary>Finds what somebody probably meant to type.</summary>
public static class NearestNames
{
    private const int Longest = 100;
    private const int MostAnswers = 3;

    /// <summary>Fewer characters begin too many names.</summary>
    private const int LeastBeginning = 3;

    /// <summary>Fewer characters lie in too many names.</summary>
    private const int LeastPart = 5;

    private static readonly char[] Separators = ['_', '-', '.', ' ', ':', '@'];

    /// <summary>
    /// The names most similar to what was typed, the closest first, at most three: the same but for case and signs, begun or carried on by it, part of it, or a
    /// slip of the keyboard away. Other libraries' names are met with what they share: <c>torchvision/resnet50</c>, <c>resnet50.a1_in1k</c>.
    /// </summary>
    public static IReadOnlyList<string> To(string typed, IEnumerable<string> names)
    {
        var wanted = VariantsOf(typed.Length > Longest ? typed[..Longest] : typed);
        if (wanted.Count == 0) return [];
        var all = names.Select(name => (Name: name, Plain: Plain(name))).ToList();
        var same = all.FindAll(n => string.Equals(n.Plain, wanted[0], StringComparison.Ordinal));
        if (same.Count > 0) return [.. same.Take(MostAnswers).Select(n => n.Name)];
        var begun = all.Where(n => n.Plain.Length >= LeastBeginning && wanted[0].StartsWith(n.Plain, StringComparison.Ordinal)).Select(n => n.Plain).MaxBy(plain => plain.Length);
        return [.. all
            // mobilenet begins mobilenetv2_100 too, but mobilenetv2 is meant.
            .Where(n => begun is null || n.Plain.Length >= begun.Length || !begun.StartsWith(n.Plain, StringComparison.Ordinal))
            .Select(n => (n.Name, Similarity: wanted.Select((variant, i) => Similarity(variant, n.Plain) * (i == 0 ? 1 : variant.Length / (double)wanted[0].Length)).Max()))
            .Where(n => n.Similarity > 0)
            .OrderByDescending(n => n.Similarity).ThenBy(n => n.Name, StringComparer.Ordinal)
            .Take(MostAnswers)
            .Select(n => n.Name)];
    }

    /// <summary>How many keys went wrong between two words: insertions, deletions, replacements and swaps of neighbours.</summary>
    public static int Slips(string a, string b) => Math.Abs(a.Length - b.Length) > Longest ? int.MaxValue : Distance(a, b);

    /// <summary>Optimal string alignment: insertions, deletions, replacements and swaps of neighbours.</summary>
    internal static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) d[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) d[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                d[i, j] = Math.Min(replaced, Math.Min(d[i - 1, j], d[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        }
        return d[a.Length, b.Length];
    }

    /// <summary>In (0, 1]; 0: not similar.</summary>
    private static double Similarity(string typed, string name)
    {
        if (typed.Length == 0 || name.Length == 0) return 0;
        var (shorter, longer) = typed.Length < name.Length ? (typed, name) : (name, typed);
        var share = shorter.Length / (double)longer.Length;
        var mostSlips = Math.Min(name.Length < LeastPart ? 1 : Math.Max(2, name.Length / 3), name.Length - 1);
        // The distance is at least the difference in length, and costs their product.
        var slips = longer.Length - shorter.Length <= mostSlips && Distance(typed, name) is var distance && distance <= mostSlips ? 1 - (distance / (double)longer.Length) : 0;
        var begun = shorter.Length >= LeastBeginning && longer.StartsWith(shorter, StringComparison.Ordinal) ? 0.6 + (0.4 * share) : 0;
        var inside = name.Length >= LeastPart && typed.Contains(name, StringComparison.Ordinal) ? 0.5 + (0.4 * share) : 0;
        return Math.Max(slips, Math.Max(begun, inside));
    }

    /// <summary>The whole without a library's name before it, and what of it comes before each separator, the longest first.</summary>
    private static List<string> VariantsOf(string typed)
    {
        var name = typed.TrimEnd('/');
        name = name[(name.LastIndexOf('/') + 1)..];
        var cuts = Enumerable.Range(0, name.Length).Where(at => at > 0 && Separators.Contains(name[at])).Append(name.Length);
        return [.. cuts.Reverse().Select(at => Plain(name[..at])).Where(plain => plain.Length > 0).Distinct(StringComparer.Ordinal)];
    }

    private static string Plain(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();
}
