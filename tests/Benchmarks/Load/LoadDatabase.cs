using Npgsql;

namespace NeuralCapacitance.Benchmarks.Load;

/// <summary>Fills the tables with copies of jobs that the service made itself: what a copy needs besides ids, states and curves it has from its model.</summary>
internal sealed class LoadDatabase(string connectionString) : IAsyncDisposable
{
    private readonly NpgsqlDataSource _database = NpgsqlDataSource.Create(connectionString);

    /// <summary>Succeeded jobs whose trials have an observation of each epoch from 0 on.</summary>
    /// <param name="model">A job that has ended.</param>
    /// <returns>Their ids.</returns>
    public async Task<IReadOnlyList<Guid>> CopyAsync(Guid model, int jobs, int epochs, CancellationToken cancellationToken)
    {
        await using var command = _database.CreateCommand(
            """
            WITH new_jobs AS (
                INSERT INTO jobs (id, state, priority, owner, given_spec, spec, problems, created_at, started_at, finished_at, version)
                SELECT copy.id, copy.state, copy.priority, copy.owner, copy.given_spec, copy.spec, copy.problems, copy.created_at, copy.started_at, copy.finished_at, copy.version
                FROM jobs AS model, generate_series(1, $2) AS i, LATERAL jsonb_populate_record(model, jsonb_build_object(
                    'id', gen_random_uuid(), 'state', 'succeeded', 'version', 2 + i % 100, 'started_at', now() - interval '1 hour', 'finished_at', now())) AS copy
                WHERE model.id = $1
                RETURNING id),
            new_trials AS (
                INSERT INTO trials
                SELECT copy.* FROM trials AS model, new_jobs, LATERAL jsonb_populate_record(model, jsonb_build_object(
                    'id', gen_random_uuid(), 'job_id', new_jobs.id, 'state', 'succeeded', 'attempt', 1, 'epochs_done', $3, 'epochs_target', $3,
                    'device', 'cpu', 'started_at', now() - interval '1 hour', 'finished_at', now())) AS copy
                WHERE model.job_id = $1
                RETURNING id, job_id, candidate_index),
            new_observations AS (
                INSERT INTO observations (job_id, trial_id, epoch, beta_eff, beta_squared, beta_per_sample, beta_signed, validation_accuracy, validation_loss, validation_count,
                    train_accuracy, train_loss, test_accuracy, test_count, train_seconds, beta_seconds, validation_seconds, attempt, recorded_at)
                SELECT job_id, id, epoch, 4 / (1 + epoch) + random() / 10, 1, 1, 1,
                    .8 - .02 * candidate_index - .5 / (1 + epoch) + random() / 50, 1.0 / (1 + epoch), 1000, .5, 1, CASE WHEN epoch = $3 THEN .7 END, 1000, 2, .2, .2, 1, now()
                FROM new_trials, generate_series(0, $3) AS epoch)
            SELECT id FROM new_jobs
            """);
        command.Parameters.Add(new() { Value = model });
        command.Parameters.Add(new() { Value = jobs });
        command.Parameters.Add(new() { Value = epochs });
        command.CommandTimeout = 300;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var ids = new List<Guid>(jobs);
        while (await reader.ReadAsync(cancellationToken)) ids.Add(reader.GetGuid(0));
        return ids;
    }

    public async Task AnalyzeAsync(CancellationToken cancellationToken)
    {
        await using var command = _database.CreateCommand("ANALYZE");
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public Task<long> CountAsync(string table, CancellationToken cancellationToken) => ScalarAsync<long>($"SELECT count(*) FROM {table}", cancellationToken);

    /// <summary>Observations of the job so far.</summary>
    public Task<long> ObservationsAsync(Guid job, CancellationToken cancellationToken) => ScalarAsync<long>("SELECT count(*) FROM observations WHERE job_id = $1", cancellationToken, new NpgsqlParameter { Value = job });

    /// <summary>Epochs in a second that were stored since then, from the first of them to the last.</summary>
    public Task<double> EpochsPerSecondAsync(Guid job, DateTimeOffset since, CancellationToken cancellationToken) => ScalarAsync<double>(
        "SELECT coalesce((count(*) - 1) / nullif(extract(epoch FROM max(recorded_at) - min(recorded_at)), 0), 0)::float8 FROM observations WHERE job_id = $1 AND recorded_at >= $2",
        cancellationToken,
        new NpgsqlParameter { Value = job },
        new NpgsqlParameter { Value = since });

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private async Task<T> ScalarAsync<T>(string sql, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        await using var command = _database.CreateCommand(sql);
        command.Parameters.AddRange(parameters);
        return (T)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
