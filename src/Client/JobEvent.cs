using NeuralCapacitance.Client.Models;

namespace NeuralCapacitance.Client;

/// <summary>What a job's stream tells. First come all trials and the job as they stand, so nothing is missed by listening late.</summary>
public abstract record JobEvent
{
    private protected JobEvent()
    {
    }
}

/// <summary>A trial's state, attempt, notes or scores have changed.</summary>
public sealed record TrialChanged(Trial Trial) : JobEvent;

/// <summary>One epoch has been trained and measured.</summary>
public sealed record EpochObserved(Observation Observation) : JobEvent;

/// <summary>The job's state or progress has changed.</summary>
public sealed record JobChanged(Job Job) : JobEvent;

/// <summary>The job has ended and all about it has been told; nothing follows.</summary>
public sealed record JobEnded(Job Job) : JobEvent;
