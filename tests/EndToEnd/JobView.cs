namespace NeuralCapacitance.EndToEnd;

/// <summary>What the database says of a job at one moment.</summary>
internal sealed record JobView(string State, IReadOnlyList<TrialView> Trials, IReadOnlyList<ObservationView> Observations)
{
    public static JobView Unreachable { get; } = new("unreachable", [], []);

    /// <summary>All that was measured, of every trial and epoch, to the last bit; without times, ids, and who measured it.</summary>
    public IReadOnlyList<string> Numbers => [.. Observations.Select(o => $"{o.Candidate} #{o.Repeat}: {o.Numbers}")];

    /// <summary>Every row with all its columns, by trial and epoch.</summary>
    public IReadOnlyDictionary<(Guid Trial, int Epoch), string> Rows => Observations.ToDictionary(o => (o.TrialId, o.Epoch), o => o.Row);

    public IReadOnlyList<ObservationView> ObservationsOf(TrialView trial) => [.. Observations.Where(o => o.TrialId == trial.Id)];

    /// <summary>Each trial has one observation for each epoch, 0 (before training) included.</summary>
    public void ShouldHaveEveryEpochOnce()
    {
        foreach (var trial in Trials)
            ObservationsOf(trial).Select(o => o.Epoch).ShouldBe(Enumerable.Range(0, trial.EpochsTarget + 1), $"epochs of {trial.Candidate}");
    }

    /// <summary>What was stored then is stored now, unchanged.</summary>
    public void ShouldStillHave(JobView earlier) => earlier.Rows.ShouldBeSubsetOf(Rows);

    public override string ToString()
        => $"{State}: {string.Join(", ", Trials.Select(t => $"{t.Candidate} {t.State}, attempt {t.Attempt}, epoch {t.EpochsDone} of {t.EpochsTarget}"))}; {Observations.Count} observations";
}

internal sealed record TrialView(
    Guid Id, string Candidate, string State, int Attempt, int EpochsDone, int EpochsTarget, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt);

/// <param name="Row">All columns, as JSON.</param>
/// <param name="Numbers">The measured ones, as JSON.</param>
internal sealed record ObservationView(Guid TrialId, string Candidate, int Repeat, int Epoch, int Attempt, string Row, string Numbers);
