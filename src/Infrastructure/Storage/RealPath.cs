namespace NeuralCapacitance.Infrastructure.Storage;

/// <summary>Where a path ends when all links are followed: what has to be judged before a file is opened on a client's word.</summary>
public static class RealPath
{
    /// <summary>Follows every link on the way, which <see cref="FileSystemInfo.ResolveLinkTarget"/> does for the last part only.</summary>
    /// <param name="path">Absolute.</param>
    /// <exception cref="IOException">Links in a circle.</exception>
    public static string Of(string path)
    {
        const int mostLinks = 64;
        var links = 0;
        var real = Path.GetPathRoot(path)!;
        var rest = new Stack<string>(PartsOf(path).Reverse());
        while (rest.TryPop(out var part))
        {
            var next = Path.GetFullPath(part, real);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                real = next;
                continue;
            }
            if (++links > mostLinks) throw new IOException($"'{path}' leads through more than {mostLinks} links.");
            if (Path.IsPathRooted(target)) real = Path.GetPathRoot(target)!;
            foreach (var step in PartsOf(target).Reverse()) rest.Push(step);
        }
        return real;
    }

    private static string[] PartsOf(string path)
        => path[(Path.GetPathRoot(path) ?? "").Length..].Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries);
}
