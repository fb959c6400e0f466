using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Infrastructure.Postgres.Embedded;
using NeuralCapacitance.Infrastructure.Storage;
using Npgsql;

namespace NeuralCapacitance.Infrastructure.Postgres;

/// <summary>The server that <c>ConnectionStrings:Postgres</c> names, or else a private one, which ends with the service.</summary>
public sealed class DatabaseServer : IAsyncDisposable
{
    public const string ConnectionStringName = "Postgres";

    /// <summary>Beside it: the password alone, so that it can be a secret, and the rest need not.</summary>
    public const string PasswordName = "PostgresPassword";

    /// <summary>
    /// The server ends a session that holds a transaction open and does nothing: a worker that was frozen there must not keep its job's row, or the queue's lock, from
    /// the others. Sooner than a command times out, so that who waits for the lock gets it instead of an error: a worker that fails to get it while it starts does not start.
    /// </summary>
    private const string SessionOptions = "-c idle_in_transaction_session_timeout=20s";

    private const string MaxPoolSize = "Maximum Pool Size";

    private readonly int _maxPoolSize;
    private readonly EmbeddedPostgres? _embedded;

    /// <summary>Starts the private server, if it takes one: whoever first needs the database finds it running.</summary>
    public DatabaseServer(IConfiguration configuration, IOptions<StorageOptions> storage, IOptions<DatabaseOptions> options, ILogger<EmbeddedPostgres> logger)
    {
        _maxPoolSize = options.Value.MaxPoolSize;
        if (configuration.GetConnectionString(ConnectionStringName) is { Length: > 0 } given)
        {
            ConnectionString = WithSessionOptions(WithPassword(given, configuration.GetConnectionString(PasswordName)));
            return;
        }
        _embedded = Task.Run(() => EmbeddedPostgres.StartAsync(storage.Value, logger, CancellationToken.None)).GetAwaiter().GetResult();
        ConnectionString = WithSessionOptions(_embedded.ConnectionString);
    }

    public string ConnectionString { get; }

    private static string WithPassword(string connectionString, string? password) => string.IsNullOrEmpty(password)
        ? connectionString
        : new NpgsqlConnectionStringBuilder(connectionString) { Password = password }.ConnectionString;

    /// <summary>Options that the user gave come later, and so win.</summary>
    private string WithSessionOptions(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        if (!settings.ShouldSerialize(MaxPoolSize)) settings.MaxPoolSize = _maxPoolSize;
        settings.Options = $"{SessionOptions} {settings.Options}".TrimEnd();
        return settings.ConnectionString;
    }

    public ValueTask DisposeAsync() => _embedded?.DisposeAsync() ?? ValueTask.CompletedTask;
}
