using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Domain.Statistics;
using NeuralCapacitance.Domain.Trials;

namespace NeuralCapacitance.Domain.Rankings;

/// <summary>Ranks the candidates of a job by what has been observed so far. Pure: the same input, the same ranking, P(best) included.</summary>
public static class Ranker
{
    private const int Draws = 5_000;
    private const int Seed = 1;

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
        IReadOnlyCollection<TrialScore>? scores = null)
    {
        selection ??= spec.Selection;
        var window = new Window(selection.Observe, selection.Start);
        var predictor = PredictorCatalogue.Get(selection.Predictor);
        var records = CandidateRecord.Of(spec, trials, observations, scores ?? []);

        // Failed candidates are not predicted: they would take part in P(best) and in the shared slope.
        var alive = records.Where(r => r.State != CandidateState.Failed).ToList();
        var prediction = Checked(predictor.Predict(new PredictionInput
        {
            Candidates = [.. alive.Select(r => r.Curves())],
            Window = window,
            Epochs = spec.Training.Epochs,
            History = history ?? [],
        }));
        var final = FinalAccuracies.Find(spec, records);
        var ranked = Order(Describe(alive, predictor, prediction, selection.Confidence), records).Select(c => c with { FinalAccuracy = final[c.CandidateIndex] }).ToList();
        return new Ranking
        {
            Predictor = predictor.Name,
            Unit = predictor.Unit,
            Window = new RankingWindow(window.Observe, window.Start, window.FirstEpoch, window.LastEpoch),
            Confidence = selection.Confidence,
            IntervalMeaning = predictor.IntervalMeaning,
            EpochsMeaning = EpochsUsed.Describe(predictor, window, ranked),
            Candidates = ranked,
            Warnings = [.. RankingWarnings.About(predictor, ranked, records, prediction, alive, window)],
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

    private static IEnumerable<RankedCandidate> Describe(List<CandidateRecord> alive, IPredictor predictor, Prediction prediction, double confidence)
    {
        var best = prediction.Posterior?.Greatest(Seed, Draws);
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
        var ranked = predicted.ConvertAll(c => c with { Rank = 1 + predicted.Count(other => other.RawPrediction > c.RawPrediction) });
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
