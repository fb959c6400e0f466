using Microsoft.Extensions.Options;
using NeuralCapacitance.Api.Access;
using NeuralCapacitance.Domain.Access;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Domain.Rankings;
using NeuralCapacitance.Infrastructure.Caching;
using NeuralCapacitance.Infrastructure.History;
using NeuralCapacitance.Infrastructure.Races;
using NeuralCapacitance.Infrastructure.Rankings;
using NeuralCapacitance.Infrastructure.Trials;

namespace NeuralCapacitance.Api.Rankings;

/// <summary><see cref="Ranker.Rank(RankingBasis, SelectionSpec?, IReadOnlyList{PastTask}?, int?, CancellationToken)"/>, or what stands in for it.</summary>
public delegate Ranking RankCandidates(RankingBasis basis, SelectionSpec? selection, IReadOnlyList<PastTask>? history, int? threads, CancellationToken cancellationToken);

/// <summary>
/// Ranks a job's candidates by what is stored at this moment. A ranking is computed once for a version of the job, a selection and a history,
/// also when many ask at the same time, and kept while it is asked for; when all of them have gone, its computation ends. What is read may be newer than the version that it is kept under;
/// the next version is then read anew.
/// </summary>
public sealed class RankingReader(TrialStore trials, PastJobStore past, PredictionGate gate, RankCandidates rank, IOptions<AccessOptions> access, RaceStore races)
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
    public Task<StoredJob> ReadAsync(Job job, CancellationToken cancellationToken) => _jobs.GetAsync(
        (job.Id, job.Version), abandoned => ReadAsync(job, job.Spec.Selection.Mode is SelectionMode.Race, abandoned), cancellationToken);

    /// <param name="selections">One per predictor; the first is the one at the top of the answer.</param>
    /// <exception cref="PredictionsBusyException">Too many predictions wait already.</exception>
    public async Task<RankingResponse> RankAsync(Job job, IReadOnlyList<SelectionSpec> selections, PastJobList history, CancellationToken cancellationToken)
    {
        var stored = await ReadAsync(job, cancellationToken);
        var rankings = new List<Ranking>();
        foreach (var selection in selections)
        {
            rankings.Add(await _rankings.GetAsync(
                (job.Id, job.Version, history.Fingerprint, selection), abandoned => ComputeAsync(stored, selection, history, abandoned), cancellationToken));
        }

        return RankingResponse.Of(job, rankings, stored);
    }

    private async Task<StoredJob> ReadAsync(Job job, bool isRace, CancellationToken cancellationToken)
    {
        using var pass = await gate.EnterAsync(isQuick: true, cancellationToken);
        var records = await TrialRecords.ReadAsync(trials, job.Id, cancellationToken);
        var decisions = isRace ? await races.DecisionsAsync([job.Id], cancellationToken) : null;
        cancellationToken.ThrowIfCancellationRequested();
        return StoredJob.Of(job.Spec, records, decisions is null ? [] : [.. decisions[job.Id]]);
    }

    private async Task<Ranking> ComputeAsync(StoredJob stored, SelectionSpec selection, PastJobList list, CancellationToken cancellationToken)
    {
        using var pass = await gate.EnterAsync(PredictorCatalogue.Get(selection.Predictor).IsQuick, cancellationToken);
        var history = await past.ReadAsync(list, stored.Records.DatasetHash, cancellationToken);
        var ranking = rank(stored.Basis, selection, history.All, pass.Threads, cancellationToken);
        return await WarningAsync(selection, list, history, cancellationToken) is { } warning ? ranking with { Warnings = [.. ranking.Warnings, warning] } : ranking;
    }

    /// <summary>A trivial predictor that did better on earlier jobs.</summary>
    private async Task<string?> WarningAsync(SelectionSpec selection, PastJobList list, RankingHistory history, CancellationToken cancellationToken)
    {
        var window = new Window(selection.Observe, selection.Start);
        if (history.Jobs.Count == 0 || await RecordAsync(selection.Predictor, window, list, history, cancellationToken) is not { } own)
        {
            return null;
        }

        var trivial = new Dictionary<string, IReadOnlyList<double?>>(StringComparer.Ordinal);
        foreach (var name in TrackRecord.Trivial)
        {
            if (await RecordAsync(name, window, list, history, cancellationToken) is { } record)
            {
                trivial[name] = record;
            }
        }

        return TrackRecord.Warning(selection.Predictor, window, own, trivial);
    }

    /// <summary>Null of a predictor that takes too long to be tried on past jobs.</summary>
    private async Task<IReadOnlyList<double?>?> RecordAsync(string name, Window window, PastJobList list, RankingHistory history, CancellationToken cancellationToken)
    {
        var predictor = PredictorCatalogue.Get(name);
        return predictor.IsQuick
            ? await _records.GetAsync(
                (list.Fingerprint, window, name),
                abandoned => Task.FromResult(TrackRecord.Rhos(predictor, window, [.. history.Jobs.Take(MostCompared)], history.Imported, abandoned)),
                cancellationToken)
            : null;
    }
}
