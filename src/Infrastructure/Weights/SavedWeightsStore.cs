using Microsoft.EntityFrameworkCore;
using NeuralCapacitance.Infrastructure.Artifacts;
using NeuralCapacitance.Infrastructure.Postgres;

namespace NeuralCapacitance.Infrastructure.Weights;

/// <summary>A network that a trial has saved, and whose file is on this node.</summary>
/// <param name="Path">Relative to the artifact root, as <c>file:</c> takes it.</param>
/// <param name="ModifiedAt">Of the file.</param>
/// <param name="JobName">The client's label.</param>
/// <param name="Backbone">As the job's spec names it.</param>
public sealed record SavedWeights(string Path, long Bytes, DateTimeOffset ModifiedAt, Guid JobId, string? JobName, string Candidate, string Backbone, long Seed);

/// <summary>What trials have saved.</summary>
public sealed class SavedWeightsStore
{
    private readonly IDbContextFactory<ServiceDbContext> _contexts;
    private readonly ArtifactStore _artifacts;

    internal SavedWeightsStore(IDbContextFactory<ServiceDbContext> contexts, ArtifactStore artifacts) => (_contexts, _artifacts) = (contexts, artifacts);

    /// <summary>The newest first.</summary>
    /// <param name="owner">Only of this one's jobs; null: of everybody's.</param>
    public async Task<IReadOnlyList<SavedWeights>> ListAsync(string? owner, int limit, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        var trials = await context.Trials.Where(t => t.WeightsPath != null)
            .Join(context.Jobs.Where(j => owner == null || j.Owner == owner), t => t.JobId, j => j.Id, (t, j) => t)
            .OrderByDescending(t => t.FinishedAt).ThenBy(t => t.Id).Take(limit)
            .Select(t => new { t.JobId, t.CandidateIndex, t.Candidate, t.Seed, Path = t.WeightsPath! }).ToListAsync(cancellationToken);
        var ids = trials.Select(t => t.JobId).Distinct().ToList();
        var specs = await context.Jobs.Where(j => ids.Contains(j.Id)).Select(j => new { j.Id, j.Spec }).ToDictionaryAsync(j => j.Id, j => j.Spec, cancellationToken);
        return
        [
            .. from trial in trials
               where specs.ContainsKey(trial.JobId)
               let file = _artifacts.FindSaved(trial.Path)
               where file is not null
               let spec = specs[trial.JobId]
               select new SavedWeights(
                   trial.Path, file.Length, new(file.LastWriteTimeUtc, TimeSpan.Zero), trial.JobId, spec.Name, trial.Candidate, spec.Candidates[trial.CandidateIndex].Backbone, trial.Seed),
        ];
    }
}
