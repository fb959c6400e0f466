namespace NeuralCapacitance.Domain.Datasets;

/// <summary>What programs leave among images without being asked. Nobody means it, so it counts for nothing and is not told.</summary>
public static class IgnoredFiles
{
    private static readonly string[] Folders = ["__MACOSX", "__pycache__", "$RECYCLE.BIN", "System Volume Information", "@eaDir", "lost+found"];

    private static readonly string[] Files = ["Thumbs.db", "ehthumbs.db", "ehthumbs_vista.db", "desktop.ini", "Icon\r"];

    /// <summary>Hidden ones (<c>.ipynb_checkpoints</c>, <c>.git</c>) and those of operating systems, in any case.</summary>
    /// <param name="name">Of the folder alone.</param>
    public static bool IsFolder(ReadOnlySpan<char> name) => IsAmong(name, Folders);

    /// <summary>Hidden ones (<c>.DS_Store</c>, <c>._1.jpg</c>) and those of operating systems, in any case.</summary>
    /// <param name="name">Of the file alone.</param>
    public static bool IsFile(ReadOnlySpan<char> name) => IsAmong(name, Files);

    private static bool IsAmong(ReadOnlySpan<char> name, string[] known)
    {
        if (name.StartsWith('.')) return true;
        foreach (var other in known)
            if (name.Equals(other, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }
}
