namespace NeuralCapacitance.Domain.Datasets;

/// <summary>Which files data sets are read from.</summary>
public static class ImageFiles
{
    private static readonly string[] Endings = [".jpg", ".jpeg", ".png"];

    /// <summary>By the ending of its name, in any case.</summary>
    public static bool IsNamedAsImage(ReadOnlySpan<char> name)
    {
        var ending = Path.GetExtension(name);
        foreach (var known in Endings)
            if (ending.Equals(known, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }
}
