using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Infrastructure.Storage;
using Npgsql;

namespace NeuralCapacitance.Infrastructure.Postgres.Embedded;

/// <summary>
/// A private PostgreSQL server in a folder, on a unix socket that only its account (and root) can reach. Several processes may use the
/// same folder: the first starts the server, the last one out stops it. One that was left over by a kill is taken over; one that dies is started again.
/// </summary>
public sealed class EmbeddedPostgres : IAsyncDisposable
{
    private const int LogTailBytes = 2_000;

    /// <summary>How often a server that runs but takes no connection yet is asked again, at intervals of <see cref="BusyPause"/>.</summary>
    private const int BusyTries = 240;

    private static readonly TimeSpan BusyPause = TimeSpan.FromMilliseconds(250);

    private readonly ClusterFolder _cluster;
    private readonly PostgresInstallation _installation;
    private readonly IReadOnlyDictionary<string, string> _settings;
    private readonly ILogger _logger;
    private readonly ServerGuard _guard;
    private IDisposable? _use;

    private EmbeddedPostgres(ClusterFolder cluster, PostgresInstallation installation, IReadOnlyDictionary<string, string> settings, ILogger logger)
    {
        _cluster = cluster;
        _installation = installation;
        _settings = settings;
        _logger = logger;
        _guard = new(cluster.Path, Runs, RestoreAsync, logger);
        ConnectionString = ConnectionStringTo("neural_capacitance");
    }

    /// <summary>Where the server whose files are in a folder writes its log, a file for each day.</summary>
    public static string LogFolderIn(string folder) => Path.Combine(folder, "log");

    /// <summary>To the service's own database.</summary>
    public string ConnectionString { get; }

    private string StartLock => Path.Combine(_cluster.Path, "start.lock");

    private string UseLock => Path.Combine(_cluster.Path, "use.lock");

    /// <param name="folder">Made if absent. Holds data, log and socket.</param>
    /// <param name="settings">Server settings beyond the standard ones, <c>fsync=off</c> for tests, say.</param>
    /// <exception cref="EmbeddedPostgresException">No PostgreSQL is installed, or it does not start; says what to do.</exception>
    public static async Task<EmbeddedPostgres> StartAsync(
        string folder, ILogger logger, IReadOnlyDictionary<string, string>? settings = null, CancellationToken cancellationToken = default)
    {
        var cluster = await ClusterFolder.PrepareAsync(Path.GetFullPath(folder), cancellationToken);
        var installation = await PostgresInstallation.FindAsync(cluster.Version, cancellationToken);
        var postgres = new EmbeddedPostgres(cluster, installation, settings ?? new Dictionary<string, string>(StringComparer.Ordinal), logger);
        await postgres.StartAsync(cancellationToken);
        return postgres;
    }

    /// <summary>That of a <c>Storage:Root</c>.</summary>
    /// <exception cref="OptionsValidationException">The root cannot be used.</exception>
    /// <exception cref="EmbeddedPostgresException">As above.</exception>
    public static Task<EmbeddedPostgres> StartAsync(StorageOptions storage, ILogger logger, CancellationToken cancellationToken)
    {
        var found = new StorageOptionsValidator().Validate(Options.DefaultName, storage);
        return found.Failed
            ? throw new OptionsValidationException(Options.DefaultName, typeof(StorageOptions), found.Failures)
            : StartAsync(Path.Combine(storage.AbsoluteRoot, "postgres"), logger, settings: null, cancellationToken);
    }

    /// <summary>Stops and starts the server, as an operator would; open connections break.</summary>
    public async Task RestartAsync(CancellationToken cancellationToken)
    {
        using var alone = await FolderLock.ExclusiveAsync(StartLock, cancellationToken);
        await ControlAsync("stop", ["-m", "fast"], cancellationToken);
        await ControlAsync("start", [], cancellationToken);
    }

    /// <summary>Leaves the server; stops it if nobody else uses it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _use, null) is not { } use) return;
        await _guard.DisposeAsync();
        using var start = await FolderLock.ExclusiveAsync(StartLock, CancellationToken.None);
        use.Dispose();
        using var last = FolderLock.TryExclusive(UseLock);
        if (last is null)
        {
            EmbeddedPostgresLog.LeftRunning(_logger, _cluster.Path);
            return;
        }
        try
        {
            await ControlAsync("stop", ["-m", "fast"], CancellationToken.None);
            EmbeddedPostgresLog.Stopped(_logger, _cluster.Path);
        }
        catch (EmbeddedPostgresException e)
        {
            // It may have been killed before; nothing that a caller could do now depends on it.
            EmbeddedPostgresLog.NotStopped(_logger, e);
        }
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        using var start = await FolderLock.ExclusiveAsync(StartLock, cancellationToken);
        var use = FolderLock.Shared(UseLock);
        try
        {
            if (_cluster.Version is null) await InitializeAsync(cancellationToken);
            if (await AnswersAsync(cancellationToken)) EmbeddedPostgresLog.Joined(_logger, _cluster.Path);
            else await LaunchAsync(cancellationToken);
            await CreateDatabaseAsync(cancellationToken);
            _use = use;
            _guard.Begin();
        }
        catch
        {
            use.Dispose();
            throw;
        }
    }

    private bool Runs() => ServerProcess.Runs(FirstLine(_cluster.PidFile), _cluster.Data);

    /// <summary>Unless another of its users was quicker.</summary>
    private async Task RestoreAsync(CancellationToken cancellationToken)
    {
        using var start = await FolderLock.ExclusiveAsync(StartLock, cancellationToken);
        if (!Runs()) await LaunchAsync(cancellationToken);
    }

    /// <summary>Null: there is no such file, or it is empty.</summary>
    private static string? FirstLine(string file)
    {
        try
        {
            return File.ReadLines(file).FirstOrDefault()?.Trim();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Beside its place and then renamed, so that a cluster is whole or absent.</summary>
    private async Task InitializeAsync(CancellationToken cancellationToken)
    {
        var draft = Path.Combine(_cluster.Path, "data.new");
        if (Directory.Exists(draft)) Directory.Delete(draft, recursive: true);
        // A server whose data may be lost need not have it flushed to disk either.
        string[] sync = _settings.GetValueOrDefault("fsync") == "off" ? ["--no-sync"] : [];
        var made = await _cluster.Account.RunAsync(
            _installation.InitDb,
            ["-D", draft, "--username=postgres", "--encoding=UTF8", "--locale=C", "--auth-local=trust", "--auth-host=reject", "--no-instructions", .. sync],
            cancellationToken);
        if (!made.Succeeded) throw new EmbeddedPostgresException($"initdb failed in {_cluster.Path}: {made.Text}");
        Directory.Move(draft, _cluster.Data);
        EmbeddedPostgresLog.Initialized(_logger, _installation.Version, _cluster.Path, _cluster.Account.Name ?? Environment.UserName);
    }

    private async Task LaunchAsync(CancellationToken cancellationToken)
    {
        RemoveStaleLock(_cluster.PidFile);
        RemoveStaleLock(_cluster.SocketLock);
        await File.WriteAllTextAsync(Path.Combine(_cluster.Data, "postgresql.conf"), Configuration(), cancellationToken);
        await ControlAsync("start", [], cancellationToken);
        EmbeddedPostgresLog.Started(_logger, _installation.Version, _cluster.Path, _cluster.Account.Name ?? Environment.UserName);
    }

    /// <summary>After a kill or a reboot, the number in a lock file may belong to another program by now; the server would refuse to start.</summary>
    private void RemoveStaleLock(string file)
    {
        if (!File.Exists(file)) return;
        var pid = FirstLine(file);
        if (ServerProcess.Runs(pid, _cluster.Data)) return;
        File.Delete(file);
        EmbeddedPostgresLog.RemovedLock(_logger, pid ?? "none", file);
    }

    private string Configuration()
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["listen_addresses"] = "",
            ["port"] = ClusterFolder.Port.ToString(CultureInfo.InvariantCulture),
            ["unix_socket_directories"] = $"\"{_cluster.SocketFolder}\"",
            ["unix_socket_permissions"] = "0700",
            ["timezone"] = "UTC",
            ["log_timezone"] = "UTC",
            ["logging_collector"] = "on",
            ["log_directory"] = LogFolderIn(_cluster.Path),
            ["log_filename"] = "%Y-%m-%dT%H%M%S.log",
            ["log_rotation_age"] = "1d",
            ["log_rotation_size"] = "10MB",
        };
        foreach (var (name, value) in _settings) settings[name] = value;
        var text = new StringBuilder("# Written by NeuralCapacitance at every start.\n");
        foreach (var (name, value) in settings) text.Append(CultureInfo.InvariantCulture, $"{name} = '{Escaped(value)}'\n");
        return text.ToString();

        static string Escaped(string value) => value.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal);
    }

    private async Task ControlAsync(string action, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        string[] log = action == "start" ? ["-l", _cluster.Log] : [];
        var done = await _cluster.Account.RunAsync(_installation.PgCtl, [action, "-D", _cluster.Data, "-w", "-t", "60", "-s", .. arguments, .. log], cancellationToken);
        if (!done.Succeeded)
            throw new EmbeddedPostgresException($"pg_ctl {action} failed in {_cluster.Path}: {done.Text}\nThe end of {_cluster.Log}:\n{LogTail()}");
    }

    private string LogTail()
    {
        // What a server says before it begins a file of the day is in the one that it was started with.
        var file = Directory.Exists(LogFolderIn(_cluster.Path)) ? Directory.EnumerateFiles(LogFolderIn(_cluster.Path), "*.log").Max(StringComparer.Ordinal) : null;
        return string.Join('\n', new[] { _cluster.Log, file }.OfType<string>().Where(File.Exists).Select(TailOf));
    }

    private static string TailOf(string path)
    {
        using var log = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        log.Seek(-Math.Min(log.Length, LogTailBytes), SeekOrigin.End);
        using var reader = new StreamReader(log);
        return reader.ReadToEnd();
    }

    /// <summary>Waits for a server that starts, stops or has no connection left. False: none runs.</summary>
    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        for (var busy = 0; ; busy++)
        {
            try
            {
                await using var connection = new NpgsqlConnection(ConnectionStringTo("postgres"));
                await connection.OpenAsync(cancellationToken);
                return true;
            }
            catch (PostgresException e)
            {
                if (e.SqlState is not (PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.TooManyConnections) || busy == BusyTries)
                    throw new EmbeddedPostgresException($"The private PostgreSQL in {_cluster.Path} runs but refuses connections: {e.MessageText}");
            }
            catch (NpgsqlException)
            {
                return false;
            }
            await Task.Delay(BusyPause, cancellationToken);
        }
    }

    private async Task CreateDatabaseAsync(CancellationToken cancellationToken)
    {
        var database = new NpgsqlConnectionStringBuilder(ConnectionString).Database;
        await using var connection = new NpgsqlConnection(ConnectionStringTo("postgres"));
        await connection.OpenAsync(cancellationToken);
        await using var exists = new NpgsqlCommand("SELECT 1 FROM pg_database WHERE datname = $1", connection) { Parameters = { new() { Value = database } } };
        if (await exists.ExecuteScalarAsync(cancellationToken) is not null) return;
        await using var create = new NpgsqlCommand($"CREATE DATABASE {database}", connection);
        await create.ExecuteNonQueryAsync(cancellationToken);
    }

    private string ConnectionStringTo(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = _cluster.SocketFolder,
        Port = ClusterFolder.Port,
        Username = "postgres",
        Database = database,
        // Pooled connections to the maintenance database would outlive their use.
        Pooling = database != "postgres",
    }.ConnectionString;
}
