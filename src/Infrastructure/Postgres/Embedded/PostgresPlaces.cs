using System.Runtime.InteropServices;

namespace NeuralCapacitance.Infrastructure.Postgres.Embedded;

/// <summary>Where one operating system keeps the server programs of PostgreSQL when they are not on PATH.</summary>
/// <param name="Patterns">Absolute folders; in one part of each, <c>*</c> stands for any text, such as a version.</param>
/// <param name="Suffix">What a program's file name ends with.</param>
/// <param name="Remedy">How to install PostgreSQL.</param>
internal sealed record PostgresPlaces(IReadOnlyList<string> Patterns, string Suffix, string Remedy)
{
    private const char AnyText = '*';

    /// <summary>Those of the system that this process runs on.</summary>
    public static PostgresPlaces OfThisSystem { get; } = Of(
        OperatingSystem.IsWindows() ? OSPlatform.Windows : OperatingSystem.IsMacOS() ? OSPlatform.OSX : OSPlatform.Linux,
        Environment.GetEnvironmentVariable);

    /// <param name="platform">Windows, macOS, or any other, which is taken for Linux.</param>
    /// <param name="variable">Reads an environment variable; null: it is not set.</param>
    public static PostgresPlaces Of(OSPlatform platform, Func<string, string?> variable)
    {
        if (platform == OSPlatform.Windows)
        {
            // A 32-bit program is told another ProgramFiles than ProgramW6432.
            string?[] roots = [variable("ProgramW6432"), variable("ProgramFiles")];
            string?[] homes = [variable("USERPROFILE")];
            return new(
                [
                    .. Given(roots).Select(root => $@"{root}\PostgreSQL\*\bin"),
                    .. Given(homes).Select(home => $@"{home}\scoop\apps\postgresql*\current\bin"),
                ],
                ".exe",
                "Windows: winget install PostgreSQL.PostgreSQL.17");
        }
        if (platform == OSPlatform.OSX)
        {
            return new(
                [
                    "/opt/homebrew/opt/postgresql*/bin",
                    "/usr/local/opt/postgresql*/bin",
                    "/Applications/Postgres.app/Contents/Versions/*/bin",
                    "/Library/PostgreSQL/*/bin",
                    "/opt/local/lib/postgresql*/bin",
                    "/usr/local/pgsql/bin",
                ],
                "",
                "macOS: brew install postgresql@17");
        }
        return new(["/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/local/pgsql/bin"], "", "Debian: apt-get install postgresql");
    }

    /// <summary>The folders that are there.</summary>
    public IEnumerable<string> Folders => Patterns.SelectMany(Matches);

    private static IEnumerable<string> Given(string?[] folders) => folders.Where(folder => !string.IsNullOrEmpty(folder)).Distinct(StringComparer.OrdinalIgnoreCase)!;

    private static IEnumerable<string> Matches(string pattern)
    {
        var parts = pattern.Split(Path.DirectorySeparatorChar);
        var part = Array.FindIndex(parts, p => p.Contains(AnyText, StringComparison.Ordinal));
        if (part < 0) return Directory.Exists(pattern) ? [pattern] : [];
        var above = string.Join(Path.DirectorySeparatorChar, parts[..part]) + Path.DirectorySeparatorChar;
        if (!Directory.Exists(above)) return [];
        return Directory.GetDirectories(above, parts[part]).Order(StringComparer.Ordinal)
            .Select(folder => Path.Combine([folder, .. parts[(part + 1)..]]))
            .Where(Directory.Exists);
    }
}
