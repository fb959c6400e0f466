using Npgsql;

namespace NeuralCapacitance.Benchmarks.Queue;

/// <summary>What the database has of some jobs of one spec.</summary>
/// <param name="Numbers">(job, candidate, epoch) → what was measured, to the last bit; once for every row.</param>
/// <param name="Unsuccessful">Trials that ended otherwise.</param>
internal sealed record SoakResults(int Trials, int Attempts, int Unsuccessful, ILookup<(Guid Job, string Candidate, int Epoch), string> Numbers)
{
    public int Observations => Numbers.Sum(rows => rows.Count());

    public static async Task<SoakResults> ReadAsync(string connectionString, IReadOnlyCollection<Guid> jobs, CancellationToken cancellationToken)
    {
        await using var database = NpgsqlDataSource.Create(connectionString);
        var trials = await RowsAsync(
            database, "SELECT state, attempt FROM trials WHERE job_id = ANY($1)", jobs, row => (State: row.GetString(0), Attempt: row.GetInt32(1)), cancellationToken);
        var observations = await RowsAsync(
            database,
            """
            SELECT o.job_id, t.candidate, o.epoch,
                   (to_jsonb(o) - '{id,job_id,trial_id,attempt,recorded_at,train_seconds,beta_seconds,validation_seconds}'::text[])::text
            FROM observations o JOIN trials t ON t.id = o.trial_id WHERE o.job_id = ANY($1)
            """,
            jobs,
            row => (Key: (row.GetGuid(0), row.GetString(1), row.GetInt32(2)), Numbers: row.GetString(3)),
            cancellationToken);
        return new(trials.Count, trials.Sum(t => t.Attempt), trials.Count(t => t.State != "succeeded"), observations.ToLookup(o => o.Key, o => o.Numbers));
    }

    /// <summary>Each of these jobs beside the only one of <paramref name="undisturbed"/>.</summary>
    public (int Lost, int Doubled, int Changed) AgainstEach(SoakResults undisturbed)
    {
        var wanted = undisturbed.Numbers.ToDictionary(rows => (rows.Key.Candidate, rows.Key.Epoch), rows => rows.Single());
        var jobs = Numbers.Select(rows => rows.Key.Job).Distinct().ToList();
        var lost = (Trials / undisturbed.Trials - jobs.Count) * wanted.Count;
        lost += jobs.Sum(job => wanted.Keys.Count(key => !Numbers.Contains((job, key.Candidate, key.Epoch))));
        var doubled = Numbers.Sum(rows => rows.Count() - 1);
        var changed = Numbers.Count(rows => !wanted.TryGetValue((rows.Key.Candidate, rows.Key.Epoch), out var number) || rows.Any(row => row != number));
        return (lost, doubled, changed);
    }

    private static async Task<IReadOnlyList<T>> RowsAsync<T>(
        NpgsqlDataSource database, string sql, IReadOnlyCollection<Guid> jobs, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = jobs.ToArray() });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken)) rows.Add(read(reader));
        return rows;
    }
}
