using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Domain.Statistics;
using NeuralCapacitance.Domain.Trials;

namespace NeuralCapacitance.Domain.Rankings;

/// <summary>Ranks the candidates of a job by what has been observed so far. Pure: the same input, the same ranking, P(best) included.</summary>
public static class Ranker
{
    /// <param name="spec">As resolved.</param>
    /// <param name="trials">All trials of the job.</param>
    /// <param name="observations">Of these trials, in any order.</param>
    /// <param name="selection">Window, predictor and confidence; null takes the job's own. <see cref="SelectionQuery"/> makes others.</param>
    /// <param name="history">Other jobs, for predictors that learn from them; null: none.</param>
    /// <param name="scores">What was measured of the trials before training, in any order; null: nothing.</param>
    public static Ranking Rank(
        JobSpec spec,
        IReadOnlyCollection<Trial> trials,
        IReadOnlyCollection<Observation> observations,
        SelectionSpec? selection = null,
        IReadOnlyList<PastTask>? history = null,
        IReadOnlyCollection<TrialScore>? scores = null,
        CancellationToken cancellationToken = default)
        => Rank(RankingBasis.Of(spec, trials, observations, scores ?? []), selection, history, cancellationToken: cancellationToken);

    /// <param name="basis">The job; one serves all predictors and windows.</param>
    /// <param name="selection">Window, predictor and confidence; null takes the job's own.</param>
    /// <param name="history">Other jobs, for predictors that learn from them; null: none.</param>
    /// <param name="threads">At most so many; null: half of the machine's.</param>
    /// <exception cref="OperationCanceledException">Within an iteration of the predictor.</exception>
    public static Ranking Rank(RankingBasis basis, SelectionSpec? selection = null, IReadOnlyList<PastTask>? history = null, int? threads = null, CancellationToken cancellationToken = default)
    {
        selection ??= basis.Spec.Selection;
        var window = new Window(selection.Observe, selection.Start);
        var predictor = PredictorCatalogue.Get(selection.Predictor);
        var (records, alive, final) = (basis.Records, basis.Alive, basis.Final);
        var input = new PredictionInput
        {
            Candidates = basis.Curves,
            Window = window,
            Epochs = basis.Spec.Training.Epochs,
            History = history ?? [],
            Default = basis.Default,
        };
        cancellationToken.ThrowIfCancellationRequested();
        var prediction = Ties.Settle(Checked(predictor.Predict(threads is { } most ? input with { Threads = most } : input, cancellationToken)), basis.Ties);
        cancellationToken.ThrowIfCancellationRequested();
        var best = prediction.Posterior is { } posterior ? Ties.Settle(posterior.Greatest(basis.Normals), prediction, basis.Ties) : null;
        var ranked = Order(Describe(alive, predictor, prediction, best, selection.Confidence), records).Select(c => c with { FinalAccuracy = final[c.CandidateIndex] }).ToList();
        var rivals = Rivals.Of(ranked, prediction, alive, basis.Spec.Training.Epochs);
        return new Ranking
        {
            Predictor = predictor.Name,
            Unit = predictor.Unit,
            Window = new RankingWindow(window.Observe, window.Start, window.FirstEpoch, window.LastEpoch),
            Confidence = selection.Confidence,
            IntervalMeaning = predictor.IntervalMeaning,
            EpochsMeaning = EpochsUsed.Describe(predictor, window, ranked),
            Candidates = ranked,
            Warnings = [.. RankingWarnings.About(predictor, ranked, records, rivals, alive, window)],
            Rivals = rivals,
            FinalAccuracyOf = final.Of,
            FinalAccuracyMeaning = final.Meaning,
            Agreement = Agreement.Of(ranked, final.Of, selection.Confidence),
        };
    }

    /// <summary>A prediction that is not finite is none.</summary>
    private static Prediction Checked(Prediction prediction)
    {
        var isFinite = prediction.Posterior is not { } p || (p.Mean.All(double.IsFinite) && p.Covariance.Enumerate().All(double.IsFinite));
        return isFinite
            ? prediction
            : new Prediction([.. prediction.Candidates.Select(c => CandidatePrediction.Impossible(c.Reason ?? "the fit is not finite"))], null);
    }

    private static IEnumerable<RankedCandidate> Describe(
        IReadOnlyList<CandidateRecord> alive, IPredictor predictor, Prediction prediction, Greatest? best, double confidence)
    {
        var position = 0;
        foreach (var (record, answer) in alive.Zip(prediction.Candidates))
        {
            var described = new RankedCandidate
            {
                Candidate = record.Name,
                CandidateIndex = record.Index,
                Epochs = answer.Epochs,
                EpochsReason = answer.EpochsReason,
                Repeats = answer.Value is null ? 0 : record.RepeatsBehind(predictor),
                State = record.State,
                Reason = answer.Reason,
            };
            if (answer.Value is not { } accuracy)
            {
                yield return described;
                continue;
            }
            if (prediction.Posterior is not { } posterior)
            {
                yield return described with { RawPrediction = accuracy, Score = accuracy };
                continue;
            }
            var (low, high) = posterior.Interval(position, confidence);
            yield return described with
            {
                RawPrediction = accuracy,
                PredictedAccuracy = Math.Clamp(accuracy, 0, 1),
                IntervalLow = Math.Clamp(low, 0, 1),
                IntervalHigh = Math.Clamp(high, 0, 1),
                ProbabilityBest = best!.Probability[position],
                ExpectedRegret = best.ExpectedRegret[position],
            };
            position++;
        }
    }

    private static IEnumerable<RankedCandidate> Order(IEnumerable<RankedCandidate> described, IReadOnlyList<CandidateRecord> records)
    {
        var all = described.ToList();
        var predicted = all.Where(c => c.RawPrediction is not null).OrderByDescending(c => c.RawPrediction).ToList();
        var ranked = predicted.ConvertAll(c => c with { Rank = 1 + predicted.Count(other => Ties.IsGreater(other.RawPrediction!.Value, c.RawPrediction!.Value)) });
        var failed = records.Where(r => r.State == CandidateState.Failed).Select(r => new RankedCandidate
        {
            Candidate = r.Name,
            CandidateIndex = r.Index,
            Epochs = [],
            Repeats = 0,
            State = r.State,
            Reason = "failed",
            Failure = r.Failure,
        });
        return ranked.Concat(all.Where(c => c.RawPrediction is null)).Concat(failed);
    }
}
