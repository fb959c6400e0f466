namespace NeuralCapacitance.Infrastructure.Storage;

/// <summary>Paths that are stored or shown: with forward slashes on every system, so that a worker on another one finds the same file.</summary>
public static class SlashPath
{
    /// <summary>The path relative to a folder. Every system's file functions take it.</summary>
    /// <param name="folder">Absolute.</param>
    /// <param name="path">Absolute.</param>
    public static string Relative(string folder, string path) => Of(Path.GetRelativePath(folder, path), Path.DirectorySeparatorChar);

    /// <param name="separator">The system's; on Linux a backslash is part of a name and stays.</param>
    internal static string Of(string path, char separator) => path.Replace(separator, '/');
}
