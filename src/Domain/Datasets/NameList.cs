using System.Globalization;

namespace NeuralCapacitance.Domain.Datasets;

/// <summary>Names for a message: the first few in ordinal order, and how many more there are. Takes no more memory than it shows.</summary>
public sealed class NameList
{
    /// <summary>So many are named.</summary>
    public const int Most = 20;

    private readonly SortedSet<string> first = new(StringComparer.Ordinal);

    public int Count { get; private set; }

    /// <summary>Those that are named, in ordinal order.</summary>
    public IEnumerable<string> First => first;

    /// <param name="names">Different ones.</param>
    public static NameList Of(IEnumerable<string> names)
    {
        var list = new NameList();
        foreach (var name in names) list.Add(name);
        return list;
    }

    public void Add(string name)
    {
        Count++;
        first.Add(name);
        if (first.Count > Most) first.Remove(first.Max!);
    }

    /// <summary>Those of a part of what this list is about.</summary>
    public void Add(NameList others)
    {
        foreach (var name in others.first) Add(name);
        Count += others.Count - others.first.Count;
    }

    /// <summary><c>'a', 'b' and 3 more</c>.</summary>
    public override string ToString()
    {
        var shown = string.Join(", ", first.Select(name => $"'{name}'"));
        return Count > first.Count ? string.Create(CultureInfo.InvariantCulture, $"{shown} and {Count - first.Count} more") : shown;
    }
}
