using NeuralCapacitance.Domain.Trials;

namespace NeuralCapacitance.Worker.Training;

/// <summary>Hears from a running trial, on its thread, or on the one that waits for its process. The trial goes on when the call returns; an exception ends it.</summary>
public interface ITrialListener
{
    /// <summary>The images are there; <paramref name="hash"/> identifies their pixels and labels. Comes first.</summary>
    void DatasetLoaded(string hash);

    /// <summary>Where the trial goes on from, before its first epoch: no other observation belongs to this run. Empty: it starts at epoch 0.</summary>
    /// <returns>The last epoch that need not be repeated, since the listener has it and all before; -1: none.</returns>
    int ContinuesFrom(IReadOnlyList<Observation> history);

    /// <summary>Whether an earlier attempt has stored the trial's training-free scores. Asked before epoch 0, once the weights are there.</summary>
    bool HasScores();

    /// <summary>The training-free scores are measured. Not called where they are there already, or where the spec wants none.</summary>
    void Scored(IReadOnlyList<TrialScore> scores);

    /// <summary>
    /// An epoch is measured and its checkpoint is on disk. A resumed trial first repeats those observations of its checkpoint that the listener
    /// does not have, unchanged: the one that stopped may have died between checkpoint and listener. Storing the same one twice must be harmless.
    /// </summary>
    void Observed(Observation observation);

    /// <summary>Something that the user should know although the trial goes on.</summary>
    void Noted(string note);
}
