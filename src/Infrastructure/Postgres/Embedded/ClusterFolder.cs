using System.Text;

namespace NeuralCapacitance.Infrastructure.Postgres.Embedded;

/// <summary>Where a cluster lies: its data, log, locks and socket.</summary>
/// <param name="Path">Private to <paramref name="Account"/>.</param>
/// <param name="SocketFolder">Where the server listens; short enough for a unix socket.</param>
internal sealed record ClusterFolder(string Path, string SocketFolder, ServerAccount Account)
{
    public const int Port = 5432;

    /// <summary>Npgsql takes a path with one for two hosts.</summary>
    private const char HostSeparator = ',';

    /// <summary>Bytes of a unix socket's path that the system keeps, without the final zero.</summary>
    private static int LongestSocketPath => OperatingSystem.IsMacOS() ? 103 : 107;

    /// <summary>Short, and there for every account. Windows has none of that kind; there the account's own will do.</summary>
    private static string TemporaryFolder => OperatingSystem.IsWindows() ? System.IO.Path.GetTempPath() : "/tmp";

    /// <summary>For clusters whose own place the server's account cannot reach (below /root, say).</summary>
    private const string SharedState = "/var/lib/neural-capacitance";

    public string Data => System.IO.Path.Combine(Path, "data");

    public string Log => System.IO.Path.Combine(Path, "postgres.log");

    public string PidFile => System.IO.Path.Combine(Data, "postmaster.pid");

    public string SocketLock => System.IO.Path.Combine(SocketFolder, $".s.PGSQL.{Port}.lock");

    /// <summary>Major version that made the cluster; null: it is yet to be made.</summary>
    public int? Version
    {
        get
        {
            var file = System.IO.Path.Combine(Data, "PG_VERSION");
            return File.Exists(file) && int.TryParse(File.ReadAllText(file), out var version) ? version : null;
        }
    }

    /// <summary>
    /// Makes the folder, or finds it. Where the server's account cannot reach it, <paramref name="path"/> becomes a link to a folder
    /// under /var/lib; a socket folder with a path that is too long, or has a comma, becomes a link to one in the temporary folder.
    /// </summary>
    /// <exception cref="EmbeddedPostgresException">The folder belongs to somebody else, or cannot be made.</exception>
    public static async Task<ClusterFolder> PrepareAsync(string path, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        using var alone = await LockAsync(path, cancellationToken);
        var folder = FollowLink(path);
        var account = Directory.Exists(folder)
            ? await ServerAccount.OfAsync(folder, cancellationToken)
            : ServerAccount.ForNewCluster();
        if (!Directory.Exists(folder)) folder = await MakeAsync(path, account, cancellationToken);
        GuardAccess(folder);
        return new(folder, await SocketFolderAsync(folder, account, cancellationToken), account);
    }

    /// <summary>Beside the folder, which is yet to be made: of several processes that start at once, one makes it and the others find it whole.</summary>
    private static async Task<IDisposable> LockAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await FolderLock.ExclusiveAsync(path + ".lock", cancellationToken);
        }
        catch (UnauthorizedAccessException)
        {
            throw ForeignFolder(path);
        }
    }

    private static async Task<string> MakeAsync(string path, ServerAccount account, CancellationToken cancellationToken)
    {
        if (await account.CanEnterAsync(System.IO.Path.GetDirectoryName(path)!, cancellationToken))
        {
            await account.MakePrivateFolderAsync(path, cancellationToken);
            return path;
        }
        Directory.CreateDirectory(SharedState);
        var elsewhere = System.IO.Path.Combine(SharedState, $"postgres-{Guid.NewGuid():N}");
        await account.MakePrivateFolderAsync(elsewhere, cancellationToken);
        if (!await account.CanEnterAsync(elsewhere, cancellationToken))
            throw new EmbeddedPostgresException($"The account '{account.Name}' that PostgreSQL runs as can enter neither {path} nor {elsewhere}. Set Storage:Root to a folder that it can reach.");
        LinkTo(path, elsewhere);
        return elsewhere;
    }

    private static async Task<string> SocketFolderAsync(string cluster, ServerAccount account, CancellationToken cancellationToken)
    {
        var path = System.IO.Path.Combine(cluster, "socket");
        var folder = FollowLink(path);
        if (Directory.Exists(folder)) return folder;
        var socket = System.IO.Path.Combine(path, $".s.PGSQL.{Port}");
        if (Encoding.UTF8.GetByteCount(socket) <= LongestSocketPath && !path.Contains(HostSeparator, StringComparison.Ordinal))
        {
            await account.MakePrivateFolderAsync(path, cancellationToken);
            return path;
        }
        var elsewhere = System.IO.Path.Combine(TemporaryFolder, $"nc-{Guid.NewGuid():N}");
        await account.MakePrivateFolderAsync(elsewhere, cancellationToken);
        LinkTo(path, elsewhere);
        return elsewhere;
    }

    private static void GuardAccess(string folder)
    {
        try
        {
            _ = Directory.EnumerateFileSystemEntries(folder).Any();
        }
        catch (UnauthorizedAccessException)
        {
            throw ForeignFolder(folder);
        }
    }

    private static EmbeddedPostgresException ForeignFolder(string folder) => new(
        $"The embedded database in {folder} belongs to another account (was the service run as root before?). Run the service as that account, set another Storage:Root, or delete the folder.");

    /// <summary>Where the link points to, or the path itself where there is none, or a dangling one (which goes).</summary>
    private static string FollowLink(string path)
    {
        if (new DirectoryInfo(path).LinkTarget is not { } target) return path;
        if (Directory.Exists(target)) return target;
        // On Windows a link to a folder is a folder; elsewhere it is a file.
        if (OperatingSystem.IsWindows()) Directory.Delete(path);
        else File.Delete(path);
        return path;
    }

    private static void LinkTo(string path, string target)
    {
        try
        {
            Directory.CreateSymbolicLink(path, target);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Windows lets plain accounts make links in developer mode only.
            throw new EmbeddedPostgresException($"Cannot make {path} a link to {target}: {e.Message} Set Storage:Root to a folder with a shorter path and no comma in it.");
        }
    }
}
