using NeuralCapacitance.Domain.Backbones;
using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Infrastructure.Artifacts;
using NeuralCapacitance.Infrastructure.Stalls;
using NeuralCapacitance.Worker.Backbones;
using NeuralCapacitance.Worker.Datasets;
using NeuralCapacitance.Worker.Training;
using NeuralCapacitance.Worker.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Scores;

/// <summary>
/// Measures all training-free scores of a trial that has its initial weights. Changes nothing that training depends on: the bits that follow
/// are those of a trial without scores. One pass over the images serves all scores of features.
/// </summary>
internal sealed class TrainingFreeScores(BackboneCatalogue backbones, WeightsLoader weights, ArtifactStore artifacts, TimeProvider time)
{
    /// <summary>In the features' scores: more change little, and a linear probe on them takes longer than epochs do.</summary>
    private const int MostFeatures = 10_000;

    /// <summary>In the batch of grad-norm and NASWOT, and never more than training has in one.</summary>
    private const int MostInBatch = 64;

    /// <param name="plan">Of the trial.</param>
    /// <param name="tuning">With the initial weights.</param>
    /// <param name="network">What the backbone of <paramref name="tuning"/> is.</param>
    /// <param name="data">Whose training images are looked at.</param>
    /// <param name="subset">Which of them, as for β_eff; of features, the first 10 000 are looked at.</param>
    /// <returns>One per name of <see cref="PredictorNames.Scores"/>; what cannot be measured has a reason.</returns>
    public IReadOnlyList<TrialScore> Measure(
        TrialPlan plan, FineTuning tuning, BeheadedNetwork network, LoadedDataset data, int[] subset, CancellationToken cancellationToken)
    {
        using var generator = get_rng_state();
        try
        {
            return
            [
                Score(plan, PredictorNames.SourceAccuracy, null, () => SourceAccuracy(plan, network, cancellationToken), cancellationToken),
                .. OfFeatures(plan, tuning, network, data, subset[..Math.Min(subset.Length, MostFeatures)], cancellationToken),
                .. OfNetwork(plan, tuning, network, data, subset[..Math.Min(subset.Length, Math.Min(MostInBatch, plan.Spec.Training.BatchSize))], cancellationToken),
            ];
        }
        finally
        {
            set_rng_state(generator);
        }
    }

    private List<TrialScore> OfFeatures(
        TrialPlan plan, FineTuning tuning, BeheadedNetwork network, LoadedDataset data, int[] subset, CancellationToken cancellationToken)
    {
        LabelledFeatures? features = null;
        Tensor? probabilities = null;
        try
        {
            var unreadable = Attempt(plan, () => features = FeaturesOf(tuning, data, subset, cancellationToken));
            var headless = unreadable ?? Attempt(plan, () => probabilities = SourceProbabilities(plan, network, features!, cancellationToken));
            return
            [
                Score(plan, PredictorNames.Nce, headless, () => SourceHeadScores.Nce(features!, probabilities!), cancellationToken),
                Score(plan, PredictorNames.Leep, headless, () => SourceHeadScores.Leep(features!, probabilities!), cancellationToken),
                Score(plan, PredictorNames.LogMe, unreadable, () => LogMe.Of(features!), cancellationToken),
                Score(plan, PredictorNames.HScore, unreadable, () => HScore.Plain(features!), cancellationToken),
                Score(plan, PredictorNames.HScoreRegularized, unreadable, () => HScore.Regularized(features!), cancellationToken),
                Score(plan, PredictorNames.LinearProbe, unreadable, () => LinearProbe.Of(features!, cancellationToken), cancellationToken),
            ];
        }
        finally
        {
            features?.Dispose();
            probabilities?.Dispose();
        }
    }

    private List<TrialScore> OfNetwork(
        TrialPlan plan, FineTuning tuning, BeheadedNetwork network, LoadedDataset data, int[] batch, CancellationToken cancellationToken)
    {
        TwinNetwork? twin = null;
        try
        {
            var unmade = Attempt(plan, () => twin = TwinNetwork.Of(tuning, plan, data.Classes.Count, backbones, artifacts));
            var opaque = unmade ?? (network.HasItsWeights ? "not applicable: the inside of a TorchScript network cannot be watched" : null);
            return
            [
                Score(plan, PredictorNames.GradNorm, unmade, () => OnBatch((images, labels) => GradNorm.Of(twin!.Backbone, twin.Probe, images, labels)), cancellationToken),
                Score(plan, PredictorNames.Naswot, opaque, () => OnBatch((images, _) => Naswot.Of(twin!.Backbone, images)), cancellationToken),

                // Last: it makes another network of the twin.
                Score(plan, PredictorNames.SynFlow, opaque, () => SynFlow.Of(twin!.Backbone, network.InputSize.Used, plan.Device.Torch), cancellationToken),
            ];
        }
        finally
        {
            twin?.Dispose();
        }

        double OnBatch(Func<Tensor, Tensor, double> score)
        {
            using var scope = NewDisposeScope();
            var (images, labels) = tuning.Batch(data.Train, batch);
            return score(images, labels);
        }
    }

    private static LabelledFeatures FeaturesOf(FineTuning tuning, LoadedDataset data, int[] subset, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var features = tuning.Features(data.Train, subset, cancellationToken);
        return new LabelledFeatures(features, [.. subset.Select(i => data.Train.Labels[i])], data.Classes.Count);
    }

    private double SourceAccuracy(TrialPlan plan, BeheadedNetwork network, CancellationToken cancellationToken)
    {
        var (backbone, source) = (plan.Candidate.Backbone, plan.Candidate.Weights);
        if (network.HasItsWeights)
            throw new NoScoreException("not applicable: a TorchScript file does not tell how accurate its network was");
        if (string.Equals(source, BackboneInfo.RandomKind, StringComparison.Ordinal))
            throw new NoScoreException("not applicable: the weights 'random' were not trained");
        return weights.SourceAccuracy(backbone, source, cancellationToken)
            ?? throw new NoScoreException($"not applicable: beside its tensors '{source}' tells no accuracy (a number called, say, {ToldAccuracy.Examples})");
    }

    private Tensor SourceProbabilities(TrialPlan plan, BeheadedNetwork network, LabelledFeatures features, CancellationToken cancellationToken)
    {
        if (network.HasItsWeights)
            throw new NoScoreException("not applicable: a TorchScript backbone brings no classifier of its own");
        using var head = weights.ReadHead(network.Module, plan.Candidate.Backbone, plan.Candidate.Weights, cancellationToken)
            ?? throw new NoScoreException($"not applicable: the weights '{plan.Candidate.Weights}' hold no classifier that they were trained with");
        return SourceHeadScores.Probabilities(features.Values, head);
    }

    private TrialScore Score(TrialPlan plan, string name, string? obstacle, Func<double> measure, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var start = time.GetTimestamp();
        var value = double.NaN;
        Steps.Made();
        var reason = obstacle ?? Attempt(plan, () => value = measure()) ?? (double.IsFinite(value) ? null : $"the score is {value}");
        return new TrialScore(plan.TrialId, name, reason is null ? value : null, reason, time.GetElapsedTime(start).TotalSeconds);
    }

    /// <summary>
    /// A score is worth no trial: whatever it fails of, training goes on. But a reason is for good, so that what may pass, and would stop the
    /// training too, is thrown on: the trial is tried again later, scores and all.
    /// </summary>
    /// <returns>Why it failed; null: it did not.</returns>
    internal static string? Attempt(TrialPlan plan, Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (NoScoreException e)
        {
            return e.Message;
        }
        catch (Exception e) when (TrialFailures.IsOutOfMemory(e) || TrialFailures.IsOutOfMemory(e.InnerException))
        {
            return "out of memory";
        }
        catch (Exception e) when (e is not OperationCanceledException && !MayPass(e, plan))
        {
            return $"not computed: {e.Message.Split('\n')[0]}";
        }
    }

    /// <summary>A file that may not be read is no fault that passes by itself.</summary>
    private static bool MayPass(Exception exception, TrialPlan plan)
        => exception is not UnauthorizedAccessException && TrialFailures.Explain(exception, plan) is { } failure && TrialFailures.MayPass(failure);
}
