using System.Globalization;
using System.Text.RegularExpressions;

namespace NeuralCapacitance.Infrastructure.Postgres.Embedded;

/// <summary>The server programs of one PostgreSQL version found on this machine.</summary>
internal sealed partial record PostgresInstallation(string Folder, int Version)
{
    public string InitDb => Path.Combine(Folder, "initdb");

    public string PgCtl => Path.Combine(Folder, "pg_ctl");

    /// <summary>The newest version, or the one that an existing cluster was made by.</summary>
    /// <param name="clusterVersion">Content of the cluster's <c>PG_VERSION</c>; null for a new cluster.</param>
    /// <exception cref="EmbeddedPostgresException">None is installed, or none of that version.</exception>
    public static async Task<PostgresInstallation> FindAsync(int? clusterVersion, CancellationToken cancellationToken)
    {
        var found = new List<PostgresInstallation>();
        foreach (var folder in await CandidatesAsync(cancellationToken))
        {
            if (File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "pg_ctl")))
                found.Add(new(folder, await VersionAsync(folder, cancellationToken)));
        }
        var newest = found.Where(i => clusterVersion is null || i.Version == clusterVersion).MaxBy(i => i.Version);
        if (newest is not null) return newest;
        if (found.Count == 0)
        {
            throw new EmbeddedPostgresException(
                "No PostgreSQL server was found on this machine (looked on PATH, at pg_config --bindir and in /usr/lib/postgresql/*/bin). "
                + "Install one (Debian: apt-get install postgresql), or point ConnectionStrings:Postgres to a running server.");
        }
        throw new EmbeddedPostgresException(
            $"The embedded database was made by PostgreSQL {clusterVersion}, but this machine has {string.Join(", ", found.Select(i => $"{i.Version} in {i.Folder}"))}. "
            + $"Install PostgreSQL {clusterVersion}, or move the database with pg_dumpall, or start with another Storage:Root.");
    }

    private static async Task<IReadOnlyList<string>> CandidatesAsync(CancellationToken cancellationToken)
    {
        var folders = new List<string>(Command.PathFolders);
        if (Command.Find("pg_config") is { } program)
        {
            var config = await Command.RunAsync(program, ["--bindir"], cancellationToken);
            if (config.Succeeded) folders.Add(config.Output.Trim());
        }
        foreach (var root in (string[])["/usr/lib/postgresql", "/usr/local/pgsql"])
        {
            folders.Add(Path.Combine(root, "bin"));
            if (Directory.Exists(root)) folders.AddRange(Directory.GetDirectories(root).Select(version => Path.Combine(version, "bin")));
        }
        return [.. folders.Distinct(StringComparer.Ordinal)];
    }

    private static async Task<int> VersionAsync(string folder, CancellationToken cancellationToken)
    {
        var answer = await Command.RunAsync(Path.Combine(folder, "pg_ctl"), ["--version"], cancellationToken);
        var match = MajorVersion().Match(answer.Output);
        return match.Success ? int.Parse(match.Groups["major"].ValueSpan, CultureInfo.InvariantCulture) : 0;
    }

    [GeneratedRegex(@"\(PostgreSQL\) (?<major>\d+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex MajorVersion();
}
