using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Infrastructure.Postgres.Model;
using Npgsql;

namespace NeuralCapacitance.Infrastructure.Workload;

/// <summary>What the tables hold; of work that was done also what they no longer hold.</summary>
/// <param name="Attempts">Of all trials that there ever were.</param>
/// <param name="Epochs">Ever observed, the ones before training not counted.</param>
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

    /// <summary>In one round trip and one snapshot; a pass over each of the tables.</summary>
    /// <exception cref="NpgsqlException">The database does not answer.</exception>
    public static async Task<WorkloadSnapshot> ReadAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        // A job that is deleted between two statements would be counted twice, or not at all.
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
        await using var batch = new NpgsqlBatch(connection, transaction) { Timeout = TimeoutSeconds };
        batch.BatchCommands.Add(new("SELECT state, count(*) FROM jobs GROUP BY state"));
        batch.BatchCommands.Add(new("SELECT state, count(*), sum(attempt) FROM trials GROUP BY state"));
        batch.BatchCommands.Add(new(
            """
            SELECT count(*) FILTER (WHERE epoch > 0), coalesce(sum(train_seconds), 0), coalesce(sum(beta_seconds), 0), coalesce(sum(validation_seconds), 0)
            FROM observations
            """));
        batch.BatchCommands.Add(new(
            """
            SELECT coalesce(sum(attempts), 0)::bigint, coalesce(sum(epochs), 0)::bigint,
                   coalesce(sum(train_seconds), 0), coalesce(sum(beta_seconds), 0), coalesce(sum(validation_seconds), 0)
            FROM past_work
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
        var there = (Epochs: rows.GetInt64(0), Train: rows.GetDouble(1), Beta: rows.GetDouble(2), Validation: rows.GetDouble(3));
        await rows.NextResultAsync(cancellationToken);
        await rows.ReadAsync(cancellationToken);
        return new(
            jobs, trials, attempts + rows.GetInt64(0), there.Epochs + rows.GetInt64(1), there.Train + rows.GetDouble(2), there.Beta + rows.GetDouble(3), there.Validation + rows.GetDouble(4));
    }
}
