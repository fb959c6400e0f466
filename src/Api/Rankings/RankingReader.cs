using Microsoft.Extensions.Options;
using NeuralCapacitance.Api.Access;
using NeuralCapacitance.Domain.Access;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Domain.Rankings;
using NeuralCapacitance.Infrastructure.Caching;
using NeuralCapacitance.Infrastructure.History;
using NeuralCapacitance.Infrastructure.Races;
using NeuralCapacitance.Infrastructure.Trials;

namespace NeuralCapacitance.Api.Rankings;

/// <summary><see cref="Ranker.Rank(RankingBasis, SelectionSpec?, IReadOnlyList{PastTask}?)"/>, or what stands in for it.</summary>
public delegate Ranking RankCandidates(RankingBasis basis, SelectionSpec? selection, IReadOnlyList<PastTask>? history);

/// <summary>
/// Ranks a job's candidates by what is stored at this moment. A ranking is computed once for a version of the job, a selection and a history,
/// also when many ask at the same time, and kept while it is asked for. What is read may be newer than the version that it is kept under;
/// the next version is then read anew.
/// </summary>
public sealed class RankingReader(TrialStore trials, PastJobStore past, RankCandidates rank, IOptions<AccessOptions> access, RaceStore races)
{
    private const int MostJobs = 8;
    private const int MostRankings = 512;
    private const int MostRecords = 1_024;

    /// <summary>Past jobs on which predictors are compared, the newest.</summary>
    private const int MostCompared = 20;

    private readonly SharedCache<(Guid Job, long Version), StoredJob> _jobs = new(MostJobs);
    private readonly SharedCache<(Guid Job, long Version, string History, SelectionSpec Selection), Ranking> _rankings = new(MostRankings);
    private readonly SharedCache<(string History, Window Window, string Predictor), IReadOnlyList<double?>> _records = new(MostRecords);

    /// <summary>The finished jobs that the job's rankings may learn from: with <see cref="Isolation.Owner"/>, those of its owner.</summary>
    public Task<PastJobList> PastAsync(Job job, CancellationToken cancellationToken) => past.ListAsync(job.Id, cancellationToken, access.Value.Isolation is Isolation.Owner ? job.Owner : null);

    /// <summary>What the rankings of this version of the job look at.</summary>
    public Task<StoredJob> ReadAsync(Job job, CancellationToken cancellationToken) => _jobs.GetAsync((job.Id, job.Version), () => ReadAsync(job), cancellationToken);

    /// <param name="selections">One per predictor; the first is the one at the top of the answer.</param>
    public async Task<RankingResponse> RankAsync(Job job, IReadOnlyList<SelectionSpec> selections, PastJobList history, CancellationToken cancellationToken)
    {
        var stored = await ReadAsync(job, cancellationToken);
        var rankings = new List<Ranking>();
        foreach (var selection in selections)
        {
            rankings.Add(await _rankings.GetAsync(
                (job.Id, job.Version, history.Fingerprint, selection), () => ComputeAsync(stored, selection, history), cancellationToken));
        }

        return RankingResponse.Of(job, rankings, stored);
    }

    private async Task<StoredJob> ReadAsync(Job job) => StoredJob.Of(
        job.Spec,
        await TrialRecords.ReadAsync(trials, job.Id, CancellationToken.None),
        job.Spec.Selection.Mode is SelectionMode.Race ? [.. (await races.DecisionsAsync([job.Id], CancellationToken.None))[job.Id]] : []);

    private async Task<Ranking> ComputeAsync(StoredJob stored, SelectionSpec selection, PastJobList list)
    {
        var history = await past.ReadAsync(list, stored.Records.DatasetHash, CancellationToken.None);
        var ranking = rank(stored.Basis, selection, history.All);
        return await WarningAsync(selection, list, history) is { } warning ? ranking with { Warnings = [.. ranking.Warnings, warning] } : ranking;
    }

    /// <summary>A trivial predictor that did better on earlier jobs.</summary>
    private async Task<string?> WarningAsync(SelectionSpec selection, PastJobList list, RankingHistory history)
    {
        var window = new Window(selection.Observe, selection.Start);
        if (history.Jobs.Count == 0 || await RecordAsync(selection.Predictor, window, list, history) is not { } own)
        {
            return null;
        }

        var trivial = new Dictionary<string, IReadOnlyList<double?>>(StringComparer.Ordinal);
        foreach (var name in TrackRecord.Trivial)
        {
            if (await RecordAsync(name, window, list, history) is { } record)
            {
                trivial[name] = record;
            }
        }

        return TrackRecord.Warning(selection.Predictor, window, own, trivial);
    }

    /// <summary>Null of a predictor that takes too long to be tried on past jobs.</summary>
    private async Task<IReadOnlyList<double?>?> RecordAsync(string name, Window window, PastJobList list, RankingHistory history)
    {
        var predictor = PredictorCatalogue.Get(name);
        return predictor.IsQuick
            ? await _records.GetAsync(
                (list.Fingerprint, window, name),
                () => Task.FromResult(TrackRecord.Rhos(predictor, window, [.. history.Jobs.Take(MostCompared)], history.Imported)),
                CancellationToken.None)
            : null;
    }
}
