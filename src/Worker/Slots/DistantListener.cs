using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Worker.Training;

namespace NeuralCapacitance.Worker.Slots;

/// <summary>In a slot's process: the listener that the worker has. A call returns when the worker has answered it.</summary>
/// <exception cref="OperationCanceledException">Of every call: the worker wants no more of this trial.</exception>
internal sealed class DistantListener(WorkerLine worker, CancellationToken stop) : ITrialListener
{
    public void DatasetLoaded(string hash) => Call(new DatasetLoaded(hash));

    public int ContinuesFrom(IReadOnlyList<Observation> history) => ((KnownEpochs)worker.Ask(new ContinuesFrom(history), stop)).Last;

    public bool HasScores() => ((ScoresStored)worker.Ask(new HasScores(), stop)).Are;

    public void Scored(IReadOnlyList<TrialScore> scores) => Call(new Scored(scores));

    public void Observed(Observation observation) => Call(new Observed(observation));

    public void Noted(string note) => Call(new Noted(note));

    private void Call(TrialCall call) => worker.Ask(call, stop);
}
