using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Domain.Finalizations;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Infrastructure.Artifacts;
using NeuralCapacitance.Worker.Backbones;
using NeuralCapacitance.Worker.Datasets;
using NeuralCapacitance.Worker.Hosting;
using NeuralCapacitance.Worker.Memory;
using NeuralCapacitance.Worker.Models;
using NeuralCapacitance.Worker.Probe;
using NeuralCapacitance.Worker.Scores;
using NeuralCapacitance.Worker.Weights;
using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Training;

/// <summary>
/// Runs a trial from its checkpoint, or from the start, to its last epoch. Knows neither database nor queue. On a CPU with the same
/// thread count, and with no other trial in the process (each slot has its own), a resumed trial gives the same bits as one that was never stopped.
/// </summary>
public sealed partial class TrialRunner(
    DatasetLoader datasets, BackboneCatalogue backbones, WeightsLoader weights, ArtifactStore artifacts, IOptions<WorkerOptions> options, TimeProvider time, ILogger<TrialRunner> log)
{
    private readonly MemoryMeasurement memory = new(backbones, artifacts, time);
    private readonly TrainingFreeScores scores = new(backbones, weights, artifacts, time);

    /// <summary>Blocks the calling thread, which should be one of its own, until the last epoch.</summary>
    /// <exception cref="TrialFailedException">The trial cannot succeed.</exception>
    /// <exception cref="OperationCanceledException">At the next training step after the token was cancelled.</exception>
    public void Run(TrialPlan plan, ITrialListener listener, CancellationToken cancellationToken) => Run(plan, prepared: null, listener, cancellationToken);

    /// <inheritdoc cref="Run(TrialPlan, ITrialListener, CancellationToken)"/>
    /// <param name="prepared">The images; null: the data set is opened here.</param>
    internal void Run(TrialPlan plan, PreparedDataset? prepared, ITrialListener listener, CancellationToken cancellationToken)
    {
        try
        {
            plan.Device.Enter();
            RunEpochs(plan, prepared, listener, cancellationToken);
        }
        catch (Exception e) when (TrialFailures.Explain(e, plan) is { } failure)
        {
            throw new TrialFailedException(failure, e);
        }
    }

    /// <summary>Decodes the trial's data set for another process.</summary>
    /// <exception cref="TrialFailedException">The trial cannot succeed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    internal PreparedDataset Prepare(TrialPlan plan, CancellationToken cancellationToken)
    {
        try
        {
            return datasets.Prepare(plan.Spec.Dataset, plan.Spec.Training.ImageSize, cancellationToken);
        }
        catch (Exception e) when (TrialFailures.Explain(e, plan) is { } failure)
        {
            throw new TrialFailedException(failure, e);
        }
    }

    private void RunEpochs(TrialPlan plan, PreparedDataset? prepared, ITrialListener listener, CancellationToken cancellationToken)
    {
        var training = plan.Spec.Training;
        using var data = prepared is null ? datasets.Load(plan.Spec.Dataset, training.ImageSize, cancellationToken) : prepared.Open();
        listener.DatasetLoaded(data.Hash);
        foreach (var problem in data.Problems) listener.Noted(problem);
        var split = Split(data, training);

        RefuseWhatCannotFit(plan, data, Math.Min(training.BatchSize, split.Train.Length), cancellationToken);
        manual_seed(TrialSeeds.Initialization(plan.Seed));
        var network = backbones.Create(plan.Candidate, training.ImageSize, artifacts);
        using var tuning = new FineTuning(
            network,
            Heads.Create(plan.Spec.Head ?? ModelHead.Probe, network.FeatureWidth, plan.Spec.Probe, data.Classes.Count),
            training,
            plan.Device);

        var checkpoint = new Checkpoint(plan.TrialId, plan.Attempt, TrialFingerprint.Of(plan, data.Hash, network.FileDigest), artifacts);
        var observations = checkpoint.Restore(tuning, problem =>
        {
            StartsOver(plan.TrialId, problem);
            listener.Noted(problem);
        });
        var known = listener.ContinuesFrom(observations);
        if (observations.Count == 0)
        {
            Initialize(plan, tuning, network, listener, cancellationToken);
            Score(plan, tuning, network, data, split, listener, cancellationToken);
        }
        observations.FindAll(o => o.Epoch > known).ForEach(listener.Observed);

        for (var epoch = observations.Count; epoch <= plan.Epochs; epoch++)
        {
            observations.Add(RunEpoch(plan, tuning, data, split, epoch, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
            checkpoint.Save(tuning, observations);
            listener.Observed(observations[^1]);
        }

        if (BelowChance.NoteOf(observations, split, data.Classes) is { } note) listener.Noted(note);
        if (plan.WeightsPath is not null)
        {
            SaveWeights(plan, plan.WeightsPath, tuning, network, data, observations[^1]);
        }
    }

    /// <summary>A trial that has a checkpoint has fitted already.</summary>
    /// <exception cref="TrialFailedException">It cannot fit into memory.</exception>
    private void RefuseWhatCannotFit(TrialPlan plan, LoadedDataset data, int batch, CancellationToken cancellationToken)
    {
        if (artifacts.FindCheckpoint(plan.TrialId) is not null || Available(plan.Device) is not { } available) return;
        var forecast = memory.Measure(plan, data, batch, f => Admission.IsPlenty(f, available, batch), cancellationToken);
        FreedMemory.GiveBack();
        if (forecast is not null && Admission.Refuse(forecast, available, plan, batch) is { } failure) throw new TrialFailedException(failure);
    }

    /// <summary>Null: the system does not tell.</summary>
    private AvailableMemory? Available(ComputeDevice device)
    {
        if (!device.IsCpu) return new DeviceFacts(device).DeviceMemory() is { } gpu ? new(gpu.Total, $"{device.Name} has") : null;
        var machine = MachineMemory.Total();
        return options.Value.MemoryLimitBytes is { } limit && !(machine < limit) ? new(limit, $"a trial may allocate here ({WorkerOptions.Section}:{nameof(WorkerOptions.MemoryLimit)})")
            : machine is { } bytes ? new(bytes, "this machine or its control group has")
            : null;
    }

    [LoggerMessage(EventId = 3012, Level = LogLevel.Warning, Message = "Trial {TrialId}: {Problem}")]
    private partial void StartsOver(Guid trialId, string problem);

    private void SaveWeights(TrialPlan plan, string to, FineTuning tuning, BeheadedNetwork network, LoadedDataset data, Observation last)
    {
        if (plan.Spec.Head is null)
        {
            var about = ModelMetadata.OfBackbone(plan, network, data, last);
            artifacts.WriteAtomically(to, path => SafetensorsWriter.Write(path, tuning.Backbone.state_dict(), about));
            return;
        }
        var headName = ModelFile.HeadName(backbones, plan.Candidate.Backbone);
        var metadata = ModelMetadata.Of(plan, network, headName, data, last);
        artifacts.WriteAtomically(to, path => SafetensorsWriter.Write(path, ModelFile.Tensors(tuning.Backbone, tuning.Head, headName), metadata));
    }

    private static Split Split(LoadedDataset data, TrainingSpec training)
    {
        if (data.Classes.Count < 2)
        {
            throw new TrialFailedException(new Failure(
                FailureCodes.Dataset, $"The data set has images of {data.Classes.Count} class ({string.Join(", ", data.Classes)}); at least 2 classes are needed."));
        }

        // The job's seed, not the trial's: every trial of a job is judged on the same images.
        var split = SplitRule.Apply(data, training);
        return split.Train.Length > 1
            ? split
            : throw new TrialFailedException(new Failure(
                FailureCodes.Dataset,
                $"The split leaves {split.Train.Length} training image of {data.Train.Count}; at least 2 are needed: raise training.trainLimit, or add images."));
    }

    private void Initialize(TrialPlan plan, FineTuning tuning, BeheadedNetwork network, ITrialListener listener, CancellationToken cancellationToken)
    {
        if (!network.HasItsWeights)
        {
            LoadWeights(plan, tuning, listener, cancellationToken);
        }
        if (network.InputSize.IsUpsampled)
        {
            listener.Noted($"{plan.Candidate.Backbone} needs larger images than training.imageSize: {network.InputSize}.");
        }
    }

    /// <summary>Once per trial: an attempt that died after it has left the scores behind.</summary>
    private void Score(
        TrialPlan plan, FineTuning tuning, BeheadedNetwork network, LoadedDataset data, Split split, ITrialListener listener, CancellationToken cancellationToken)
    {
        if (plan.Spec.Selection.Scores && !listener.HasScores())
        {
            listener.Scored(scores.Measure(plan, tuning, network, data, BetaSubset(plan, split), cancellationToken));
        }
    }

    private void LoadWeights(TrialPlan plan, FineTuning tuning, ITrialListener listener, CancellationToken cancellationToken)
    {
        var loaded = weights.Load(tuning.Backbone, plan.Candidate.Backbone, plan.Candidate.Weights, cancellationToken);
        foreach (var note in loaded.Notes(plan.Candidate.Weights))
        {
            listener.Noted(note);
        }
    }

    private Observation RunEpoch(
        TrialPlan plan, FineTuning tuning, LoadedDataset data, Split split, int epoch, CancellationToken cancellationToken)
    {
        try
        {
            manual_seed(TrialSeeds.Epoch(plan.Seed, epoch));
            return Observe(plan, tuning, data, split, epoch, cancellationToken);
        }
        catch (DivergedException e)
        {
            throw new TrialFailedException(TrialFailures.Diverged(plan, epoch, e), e);
        }
    }

    /// <summary>Trains an epoch and measures; epoch 0 only measures.</summary>
    private Observation Observe(
        TrialPlan plan, FineTuning tuning, LoadedDataset data, Split split, int epoch, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        Measure? train = epoch == 0
            ? null
            : tuning.Train(data.Train, EpochOrder.Shuffle(split.Train, plan.Seed, epoch), cancellationToken);
        var trained = time.GetTimestamp();
        var beta = tuning.Probe is null ? null : tuning.MeasureBetaEff(data.Train, BetaSubset(plan, split), cancellationToken);
        var measured = time.GetTimestamp();
        var validation = tuning.Evaluate(split.ValidationSet, split.Validation, cancellationToken);
        var validated = time.GetTimestamp();

        return new Observation
        {
            TrialId = plan.TrialId,
            Epoch = epoch,
            BetaEff = beta?.Absolute,
            BetaSquared = FiniteOrNull(beta?.Squared),
            BetaPerSample = FiniteOrNull(beta?.PerSample),
            BetaSigned = FiniteOrNull(beta?.Signed),
            ValidationAccuracy = validation.Accuracy,
            ValidationLoss = validation.Loss,
            ValidationCount = validation.Count,
            TrainAccuracy = train?.Accuracy,
            TrainLoss = train?.Loss,
            TestAccuracy = MeasuresTest(plan, epoch, data.Test)
                ? tuning.Evaluate(data.Test, [.. Enumerable.Range(0, data.Test.Count)], cancellationToken).Accuracy
                : null,
            TestCount = data.Test.Count,
            TrainSeconds = train is null ? 0 : time.GetElapsedTime(start, trained).TotalSeconds,
            BetaSeconds = time.GetElapsedTime(trained, measured).TotalSeconds,
            ValidationSeconds = time.GetElapsedTime(measured, validated).TotalSeconds,
            RecordedAt = time.GetUtcNow(),
        };
    }

    /// <summary>The same images at every epoch, and for the scores before.</summary>
    private static int[] BetaSubset(TrialPlan plan, Split split) => split.Train[..Math.Min(plan.Spec.Probe.Samples, split.Train.Length)];

    private static bool MeasuresTest(TrialPlan plan, int epoch, ImageSet test)
        => epoch > plan.Epochs - plan.Spec.EpochsTested() && test.Count > 0;

    private static double? FiniteOrNull(double? value) => value is { } number && double.IsFinite(number) ? number : null;
}
