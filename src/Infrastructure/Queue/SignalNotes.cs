using System.Globalization;
using Hangfire;
using Hangfire.Common;
using Hangfire.Storage;
using NeuralCapacitance.Infrastructure.Trials;

namespace NeuralCapacitance.Infrastructure.Queue;

/// <param name="Name">Like <c>resnet50, seed 2 — flowers (job 0198…)</c>.</param>
/// <param name="TrialId">The trial that it ran.</param>
/// <param name="JobId">Of the trial.</param>
/// <param name="Workers">Attempt → who made it, for the attempts that this signal began.</param>
public sealed record SignalNote(string Name, Guid TrialId, Guid JobId, IReadOnlyDictionary<int, string> Workers);

/// <summary>
/// What became of a signal, for the dashboard. A signal is sent before anybody knows which trial it will run, so its Hangfire job cannot carry the name; it
/// carries a key, and what is known later is kept under that (a hash in Hangfire's storage).
/// </summary>
public sealed class SignalNotes
{
    private const string NameField = "name";
    private const string TrialField = "trial";
    private const string JobField = "job";
    private const string AttemptField = "attempt ";

    /// <summary>Longer than any signal is kept, and than most trials last.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    private readonly JobStorage _storage;

    internal SignalNotes(JobStorage storage) => _storage = storage;

    /// <param name="job">As Hangfire shows it; one whose class could not be loaded is null.</param>
    /// <returns>Null: it is no signal, or has found no trial (yet).</returns>
    public SignalNote? Find(Job? job)
    {
        if (job?.Type != typeof(TrialJob) || job.Args is not [Guid signal, ..]) return null;
        using var connection = _storage.GetReadOnlyConnection();
        return connection.GetAllEntriesFromHash(KeyOf(signal)) is { Count: > 0 } fields
            ? new(
                fields[NameField],
                Guid.Parse(fields[TrialField]),
                Guid.Parse(fields[JobField]),
                fields.Where(field => field.Key.StartsWith(AttemptField, StringComparison.Ordinal))
                    .ToDictionary(field => int.Parse(field.Key.AsSpan(AttemptField.Length), CultureInfo.InvariantCulture), field => field.Value))
            : null;
    }

    internal void Write(Guid signal, ClaimedTrial claimed)
    {
        var (key, trial) = (KeyOf(signal), claimed.Trial);
        using var connection = _storage.GetConnection();
        using var transaction = (JobStorageTransaction)connection.CreateWriteTransaction();
        transaction.SetRangeInHash(
            key,
            [
                new(NameField, $"{trial.Candidate}, seed {trial.Seed} — {claimed.Spec.Name ?? claimed.Spec.Dataset.Name} (job {trial.JobId.ToString()[..8]}…)"),
                new(TrialField, trial.Id.ToString()),
                new(JobField, trial.JobId.ToString()),
                new(AttemptField + trial.Attempt.ToString(CultureInfo.InvariantCulture), $"{WorkerName.OfThisProcess}, {trial.Device}"),
            ]);
        transaction.ExpireHash(key, Kept);
        transaction.Commit();
    }

    private static string KeyOf(Guid signal) => $"trial-signal:{signal:N}";
}
