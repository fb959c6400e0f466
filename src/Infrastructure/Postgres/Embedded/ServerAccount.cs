namespace NeuralCapacitance.Infrastructure.Postgres.Embedded;

/// <summary>
/// The account that the server runs as. PostgreSQL refuses to run as root, so root lends it another one; Linux only. On Windows initdb and pg_ctl
/// give an administrator's rights up themselves.
/// </summary>
/// <param name="Name">Null: the one that this process has.</param>
internal sealed record ServerAccount(string? Name)
{
    private static readonly string[] Preferred = ["postgres", "nobody"];

    public static ServerAccount Own { get; } = new((string?)null);

    private static bool IsRoot => !OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess;

    /// <summary>The account for a cluster that is yet to be made.</summary>
    public static ServerAccount ForNewCluster()
    {
        if (!IsRoot) return Own;
        if (!OperatingSystem.IsLinux())
            throw new EmbeddedPostgresException("PostgreSQL does not run as root. Run the service as another user, or set ConnectionStrings:Postgres.");
        var known = File.ReadLines("/etc/passwd").Select(line => line.Split(':')[0]).ToHashSet(StringComparer.Ordinal);
        return Preferred.FirstOrDefault(known.Contains) is { } name
            ? new(name)
            : throw new EmbeddedPostgresException(
                "PostgreSQL does not run as root, and this machine has no account 'postgres' or 'nobody' for it. Run the service as another user, or set ConnectionStrings:Postgres.");
    }

    /// <summary>The account that owns an existing cluster.</summary>
    public static async Task<ServerAccount> OfAsync(string clusterFolder, CancellationToken cancellationToken)
    {
        if (!IsRoot) return Own;
        var owner = await Command.RunAsync("stat", ["--format=%U", clusterFolder], cancellationToken);
        return owner.Succeeded ? new(owner.Output.Trim()) : throw new EmbeddedPostgresException(owner.Text);
    }

    /// <summary>Runs a program as this account.</summary>
    public Task<Command> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        if (Name is null) return Command.RunAsync(program, arguments, cancellationToken);
        if (Command.Find("runuser") is { } runuser) return Command.RunAsync(runuser, ["-u", Name, "--", program, .. arguments], cancellationToken);
        if (Command.Find("setpriv") is { } setpriv)
            return Command.RunAsync(setpriv, ["--reuid", Name, "--regid", Name, "--init-groups", "--", program, .. arguments], cancellationToken);
        throw new EmbeddedPostgresException(
            $"Running PostgreSQL as '{Name}' needs runuser or setpriv (Debian: apt-get install util-linux). Install it, run the service as another user, or set ConnectionStrings:Postgres.");
    }

    /// <summary>Whether it may enter the folder, and so every folder above it. This process's own account has just written there.</summary>
    public async Task<bool> CanEnterAsync(string folder, CancellationToken cancellationToken)
        => Name is null || (await RunAsync("test", ["-x", folder], cancellationToken)).Succeeded;

    /// <summary>Makes a folder that only this account may enter.</summary>
    public async Task MakePrivateFolderAsync(string folder, CancellationToken cancellationToken)
    {
        if (Name is null)
        {
            PrivateFolder.Make(folder);
            return;
        }
        var made = await Command.RunAsync("install", ["--directory", "--mode=0700", "--owner", Name, folder], cancellationToken);
        if (!made.Succeeded) throw new EmbeddedPostgresException($"Cannot make the folder {folder}: {made.Text}");
    }
}
