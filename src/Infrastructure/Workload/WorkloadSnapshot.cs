using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Infrastructure.Postgres.Model;
using Npgsql;

namespace NeuralCapacitance.Infrastructure.Workload;

/// <summary>What the tables hold.</summary>
/// <param name="Attempts">Of all trials.</param>
/// <param name="Epochs">Observed, the one before training not counted.</param>
/// <param name="TrainSeconds">In all epochs, as the other two.</param>
internal sealed record WorkloadSnapshot(
    IReadOnlyDictionary<JobState, long> Jobs,
    IReadOnlyDictionary<TrialState, long> Trials,
    long Attempts,
    long Epochs,
    double TrainSeconds,
    double BetaSeconds,
    double ValidationSeconds)
{
    private const int TimeoutSeconds = 10;

    /// <summary>In one round trip; a pass over each of the three tables.</summary>
    /// <exception cref="NpgsqlException">The database does not answer.</exception>
    public static async Task<WorkloadSnapshot> ReadAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.Timeout = TimeoutSeconds;
        batch.BatchCommands.Add(new("SELECT state, count(*) FROM jobs GROUP BY state"));
        batch.BatchCommands.Add(new("SELECT state, count(*), sum(attempt) FROM trials GROUP BY state"));
        batch.BatchCommands.Add(new(
            """
            SELECT count(*) FILTER (WHERE epoch > 0), coalesce(sum(train_seconds), 0), coalesce(sum(beta_seconds), 0), coalesce(sum(validation_seconds), 0)
            FROM observations
            """));
        await using var rows = await batch.ExecuteReaderAsync(cancellationToken);
        var jobs = new Dictionary<JobState, long>();
        while (await rows.ReadAsync(cancellationToken)) jobs[StateText.Parse<JobState>(rows.GetString(0))] = rows.GetInt64(1);
        await rows.NextResultAsync(cancellationToken);
        var trials = new Dictionary<TrialState, long>();
        long attempts = 0;
        while (await rows.ReadAsync(cancellationToken))
        {
            trials[StateText.Parse<TrialState>(rows.GetString(0))] = rows.GetInt64(1);
            attempts += rows.GetInt64(2);
        }
        await rows.NextResultAsync(cancellationToken);
        await rows.ReadAsync(cancellationToken);
        return new(jobs, trials, attempts, rows.GetInt64(0), rows.GetDouble(1), rows.GetDouble(2), rows.GetDouble(3));
    }
}
