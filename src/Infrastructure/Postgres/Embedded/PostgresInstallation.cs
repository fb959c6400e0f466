using System.Globalization;
using System.Text.RegularExpressions;

namespace NeuralCapacitance.Infrastructure.Postgres.Embedded;

/// <summary>The server programs of one PostgreSQL version found on this machine.</summary>
internal sealed partial record PostgresInstallation(string InitDb, string PgCtl, int Version)
{
    /// <summary>The newest version, or the one that an existing cluster was made by.</summary>
    /// <param name="clusterVersion">Content of the cluster's <c>PG_VERSION</c>; null for a new cluster.</param>
    /// <exception cref="EmbeddedPostgresException">None is installed, or none of that version.</exception>
    public static Task<PostgresInstallation> FindAsync(int? clusterVersion, CancellationToken cancellationToken)
        => FindAsync(clusterVersion, PostgresPlaces.OfThisSystem, Command.PathFolders, cancellationToken);

    /// <inheritdoc cref="FindAsync(int?, CancellationToken)"/>
    /// <param name="places">Where to look besides <paramref name="path"/>.</param>
    /// <param name="path">The folders of PATH.</param>
    internal static async Task<PostgresInstallation> FindAsync(int? clusterVersion, PostgresPlaces places, IEnumerable<string> path, CancellationToken cancellationToken)
    {
        var found = new List<PostgresInstallation>();
        foreach (var folder in await CandidatesAsync(places, [.. path], cancellationToken))
        {
            var (initDb, pgCtl) = (Program("initdb", folder), Program("pg_ctl", folder));
            if (File.Exists(initDb) && File.Exists(pgCtl)) found.Add(new(initDb, pgCtl, await VersionAsync(pgCtl, cancellationToken)));
        }
        var newest = found.Where(i => clusterVersion is null || i.Version == clusterVersion).MaxBy(i => i.Version);
        if (newest is not null) return newest;
        if (found.Count == 0)
        {
            throw new EmbeddedPostgresException(
                $"No PostgreSQL server was found on this machine: no folder with {Program("initdb")} and {Program("pg_ctl")} on PATH, at pg_config --bindir, or in {string.Join(", ", places.Patterns)}. "
                + $"Install one ({places.Remedy}), add its folder to PATH, or point ConnectionStrings:Postgres to a running server.");
        }
        throw new EmbeddedPostgresException(
            $"The embedded database was made by PostgreSQL {clusterVersion}, but this machine has {string.Join(", ", found.Select(i => $"{i.Version} in {Path.GetDirectoryName(i.PgCtl)}"))}. "
            + $"Install PostgreSQL {clusterVersion}, or move the database with pg_dumpall, or start with another Storage:Root.");

        string Program(string name, string folder = "") => Path.Combine(folder, name + places.Suffix);
    }

    private static async Task<IReadOnlyList<string>> CandidatesAsync(PostgresPlaces places, IReadOnlyList<string> path, CancellationToken cancellationToken)
    {
        var folders = new List<string>(path);
        if (path.Select(folder => Path.Combine(folder, "pg_config" + places.Suffix)).FirstOrDefault(File.Exists) is { } program)
        {
            var config = await Command.RunAsync(program, ["--bindir"], cancellationToken);
            if (config.Succeeded) folders.Add(Path.GetFullPath(config.Output.Trim()));
        }
        folders.AddRange(places.Folders);
        return [.. folders.Distinct(StringComparer.Ordinal)];
    }

    private static async Task<int> VersionAsync(string pgCtl, CancellationToken cancellationToken)
    {
        var answer = await Command.RunAsync(pgCtl, ["--version"], cancellationToken);
        var match = MajorVersion().Match(answer.Output);
        return match.Success ? int.Parse(match.Groups["major"].ValueSpan, CultureInfo.InvariantCulture) : 0;
    }

    [GeneratedRegex(@"\(PostgreSQL\) (?<major>\d+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex MajorVersion();
}
