using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NeuralCapacitance.Infrastructure.Postgres;
using Npgsql;

namespace NeuralCapacitance.Infrastructure.Retention;

/// <summary>What Hangfire runs every hour, on one of the nodes. It may deliver twice; a second run at the same time finds the first one's lock, and leaves.</summary>
internal sealed partial class RetentionJob(RetentionRun run, NpgsqlDataSource dataSource, IHostApplicationLifetime lifetime, ILogger<RetentionJob> logger)
{
    public const string Queue = "retention";

    /// <summary>"NCRR" in ASCII.</summary>
    private const long LockKey = 0x4E435252;

    /// <returns>What came of it, for the dashboard.</returns>
    public async Task<string> RunAsync()
    {
        var stopping = lifetime.ApplicationStopping;
        try
        {
            await using var turn = await dataSource.OpenConnectionAsync(stopping);
            if (!await IsFirstAsync(turn, stopping)) return "Another node is at it";
            var report = await run.ApplyAsync(stopping);
            var removed = report.Kinds.Sum(kind => kind.Removed);
            if (removed > 0) LogDone(removed, report.Bytes);
            return $"Removed {removed}, {report.Bytes} bytes";
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return "Stopped with the node; the next run goes on";
        }
        catch (Exception e) when (OutageRetry.Passes(e))
        {
            LogPutOff(e.GetBaseException().Message);
            return "The database was away; the next run goes on";
        }
    }

    /// <summary>Until the connection goes back to its pool.</summary>
    private static async Task<bool> IsFirstAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var take = new NpgsqlCommand($"SELECT pg_try_advisory_lock({LockKey})", connection);
        return await take.ExecuteScalarAsync(cancellationToken) is true;
    }

    [LoggerMessage(2703, LogLevel.Information, "Retention removed {Count} things, {Bytes} bytes")]
    private partial void LogDone(int count, long bytes);

    [LoggerMessage(2704, LogLevel.Warning, "Retention was put off: the database was away ({Reason})")]
    private partial void LogPutOff(string reason);
}
