namespace NeuralCapacitance.EndToEnd.Recovery;

/// <summary>Needs the programs of PostgreSQL's client, in the version of its server.</summary>
internal sealed class PostgresToolsFactAttribute : FactAttribute
{
    public PostgresToolsFactAttribute()
    {
        if (Folder is null) Skip = "pg_dump and pg_restore are in no folder of PostgreSQL's programs (Debian: package postgresql-client).";
    }

    /// <summary>Null: they are not here.</summary>
    public static string? Folder { get; } = Folders().FirstOrDefault(folder => File.Exists(Path.Combine(folder, "pg_dump")) && File.Exists(Path.Combine(folder, "pg_restore")));

    /// <summary>The newest server first, as the service chooses it.</summary>
    private static IEnumerable<string> Folders()
    {
        const string debian = "/usr/lib/postgresql";
        var versions = Directory.Exists(debian) ? Directory.GetDirectories(debian).OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), out var version) ? version : 0) : Enumerable.Empty<string>();
        return versions.Select(folder => Path.Combine(folder, "bin")).Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'));
    }
}
