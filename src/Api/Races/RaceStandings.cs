using Microsoft.Extensions.Caching.Memory;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Races;
using NeuralCapacitance.Infrastructure.Races;
using NeuralCapacitance.Infrastructure.Trials;

namespace NeuralCapacitance.Api.Races;

/// <summary>Where races stand. To say so takes all their trials and observations, so it is kept until the job changes.</summary>
public sealed class RaceStandings(TrialStore trials, RaceStore races) : IDisposable
{
    private const int MostKept = 2_000;

    private readonly MemoryCache _known = new(new MemoryCacheOptions { SizeLimit = MostKept });

    /// <param name="jobs">Those among them that are no race are left out.</param>
    public async Task<IReadOnlyDictionary<Guid, RaceStanding>> OfAsync(IReadOnlyList<Job> jobs, CancellationToken cancellationToken)
    {
        var standings = new Dictionary<Guid, RaceStanding>();
        var unknown = new List<Job>();
        foreach (var job in jobs.Where(job => job.Spec.Selection.Mode is SelectionMode.Race))
        {
            if (_known.TryGetValue((job.Id, job.Version), out RaceStanding? known)) standings[job.Id] = known!;
            else unknown.Add(job);
        }

        if (unknown.Count == 0) return standings;
        List<Guid> ids = [.. unknown.Select(job => job.Id)];
        var trialsOf = await trials.ListAsync(ids, cancellationToken);
        var decisions = await races.DecisionsAsync(ids, cancellationToken);
        var seconds = await races.SecondsPerEpochAsync(ids, cancellationToken);
        foreach (var job in unknown)
        {
            // What is read may be newer than the version that it is kept under; the next version is then read anew.
            standings[job.Id] = _known.Set(
                (job.Id, job.Version), RaceStanding.Of(job.Spec, [.. trialsOf[job.Id]], [.. decisions[job.Id]], seconds), new MemoryCacheEntryOptions { Size = 1 });
        }

        return standings;
    }

    public void Dispose() => _known.Dispose();
}
