using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Infrastructure.Postgres.Embedded;
using NeuralCapacitance.Infrastructure.Storage;

namespace NeuralCapacitance.Infrastructure.Postgres;

/// <summary>The server that <c>ConnectionStrings:Postgres</c> names, or else a private one, which ends with the service.</summary>
internal sealed class DatabaseServer : IAsyncDisposable
{
    public const string ConnectionStringName = "Postgres";

    private readonly EmbeddedPostgres? _embedded;

    /// <summary>Starts the private server, if it takes one: whoever first needs the database finds it running.</summary>
    public DatabaseServer(IConfiguration configuration, IOptions<StorageOptions> storage, ILogger<EmbeddedPostgres> logger)
    {
        if (configuration.GetConnectionString(ConnectionStringName) is { Length: > 0 } given)
        {
            ConnectionString = given;
            return;
        }
        var folder = Path.Combine(storage.Value.AbsoluteRoot, "postgres");
        _embedded = Task.Run(() => EmbeddedPostgres.StartAsync(folder, logger)).GetAwaiter().GetResult();
        ConnectionString = _embedded.ConnectionString;
    }

    public string ConnectionString { get; }

    public ValueTask DisposeAsync() => _embedded?.DisposeAsync() ?? ValueTask.CompletedTask;
}
