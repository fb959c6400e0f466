using System.Text;

namespace NeuralCapacitance.Worker.Datasets.Folders;

/// <summary>Names of class folders: the same class may be written in another way in another part.</summary>
internal static class ClassNames
{
    /// <summary>Equal for names that differ in upper and lower case or in the signs between words only.</summary>
    public static string Key(string name)
    {
        var key = new StringBuilder();
        foreach (var letter in name.ToLowerInvariant().Trim())
        {
            var isGap = letter is ' ' or '_' or '-';
            if (!isGap) key.Append(letter);
            else if (key.Length > 0 && key[^1] != ' ') key.Append(' ');
        }
        return key.ToString();
    }

    public static HashSet<string> Keys(IEnumerable<FolderNode> folders) => folders.Select(folder => Key(folder.Name)).ToHashSet(StringComparer.Ordinal);

    /// <summary>Which folder of another part holds each class: the one of exactly its name, else the only one of its <see cref="Key"/> that nobody else has exactly.</summary>
    /// <returns>Class → folder, for the classes that have one.</returns>
    public static Dictionary<string, string> Match(IEnumerable<string> classes, IEnumerable<string> folders)
    {
        var known = classes.ToHashSet(StringComparer.Ordinal);
        var (exact, others) = (folders.Where(known.Contains).ToArray(), folders.Where(folder => !known.Contains(folder)));
        var match = exact.ToDictionary(name => name, StringComparer.Ordinal);
        var open = known.Where(name => !match.ContainsKey(name)).GroupBy(Key, StringComparer.Ordinal).Where(group => group.Count() == 1).ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);
        foreach (var group in others.GroupBy(Key, StringComparer.Ordinal))
        {
            if (group.Count() == 1 && open.TryGetValue(group.Key, out var name)) match[name] = group.First();
        }
        return match;
    }
}
