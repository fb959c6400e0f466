using MathNet.Numerics.LinearAlgebra;
using NeuralCapacitance.Domain.Statistics;

namespace NeuralCapacitance.Domain.Predictors;

/// <summary>
/// <c>neural-capacitance-history</c>: the default prediction from the job alone, joined with what candidates of the same kind (backbone and kind of weights)
/// made of earlier tasks. The default asks the curves whether to believe that; this one takes the new task for one like the earlier ones. How much earlier tasks tell of a new one is estimated from them (<see cref="AdditiveEffects"/>); it counts against the
/// width of the job's own prediction, so that early and noisy curves are helped and clear ones are not overruled. Only
/// differences between candidates are taken from history, never the level: that depends on the data.
/// </summary>
public sealed class HistoryPredictor : IPredictor
{
    private readonly NeuralCapacitancePredictor _job = new();

    public string Name => PredictorNames.NeuralCapacitanceHistory;

    public string IntervalMeaning =>
        "Gaussian interval of neural-capacitance, narrowed by how candidates of the same backbone and kind of weights did on earlier tasks. It takes the new task "
        + "for one like those; where it is not, it is too narrow. docs/method.md has how often it held.";

    public Prediction Predict(PredictionInput input, CancellationToken cancellationToken = default)
    {
        var job = _job.Predict(input with { History = [] }, cancellationToken); // or it would be told twice
        if (job.Posterior is null) return job;
        if (PastTask.EffectsOfKinds(input.History, input.Candidates.Select(c => c.Kind), out var shortage) is not { } effects) return Impossible(job, shortage!);

        var kinds = input.Candidates.Zip(job.Candidates).Where(c => c.Second.Value is not null).Select(c => c.First.Kind).ToList();
        var (mean, variance) = effects.Expect(kinds);
        var posterior = job.Posterior.JoinedUpToLevel(mean, Matrix<double>.Build.DiagonalOfDiagonalVector(variance));
        var position = 0;
        return new Prediction([.. job.Candidates.Select(c => c.Value is null ? c : c with { Value = posterior.Mean[position++] })], posterior);
    }

    private static Prediction Impossible(Prediction job, string reason) => new([.. job.Candidates.Select(c => CandidatePrediction.Impossible(c.Reason ?? reason))], null);
}
