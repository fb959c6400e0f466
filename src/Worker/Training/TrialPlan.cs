using NeuralCapacitance.Domain.Jobs;

namespace NeuralCapacitance.Worker.Training;

/// <summary>All that one trial needs to know; nothing of it changes while it runs.</summary>
public sealed record TrialPlan
{
    public required Guid TrialId { get; init; }

    /// <summary>As resolved.</summary>
    public required JobSpec Spec { get; init; }

    public required CandidateSpec Candidate { get; init; }

    /// <summary>Of this repeat: initial weights, dropout, split and order of the images.</summary>
    public required long Seed { get; init; }

    /// <summary>Last epoch to train; epoch 0 is the measurement before training.</summary>
    public required int Epochs { get; init; }

    public required ComputeDevice Device { get; init; }

    /// <summary>Of the lease, ≥ 1: names the file that the state after each epoch goes to.</summary>
    public required int Attempt { get; init; }

    /// <summary>Where the trained backbone goes (safetensors), in a finalization the whole model; null: it is not kept.</summary>
    public string? WeightsPath { get; init; }
}
