using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Trials;

namespace NeuralCapacitance.Domain.Tests.Rankings;

/// <summary>A job made of curves. Each candidate has one list of (β_eff, validation accuracy) per repeat, epoch 1 first.</summary>
internal sealed class JobOfCurves
{
    private readonly List<CandidateSpec> _candidates = [];
    private readonly List<Observation> _observations = [];

    public List<Trial> Trials { get; } = [];

    public IReadOnlyList<Observation> Observations => _observations;

    public SelectionSpec Selection { get; init; } = new();

    public int Epochs { get; init; } = 50;

    public int Images { get; init; } = 2_000;

    public JobSpec Spec => new()
    {
        Dataset = new DatasetSpec { Name = "synthetic" },
        Candidates = _candidates,
        Training = new TrainingSpec { Epochs = Epochs },
        Selection = Selection,
    };

    public JobOfCurves With(string name, TrialState state, params (double Beta, double Accuracy)[] curve) => With(name, [(state, curve)]);

    public JobOfCurves With(string name, params (TrialState State, (double Beta, double Accuracy)[] Curve)[] repeats)
    {
        foreach (var (repeat, (state, curve)) in repeats.Index())
        {
            var trial = new Trial
            {
                Id = new Guid(_candidates.Count, (short)repeat, 0, [0, 0, 0, 0, 0, 0, 0, 1]),
                JobId = Guid.Empty, CandidateIndex = _candidates.Count, Candidate = name, Repeat = repeat, Seed = repeat,
                State = state, EpochsDone = curve.Length, EpochsTarget = Epochs,
                Failure = state == TrialState.Failed ? new Failure("diverged", "The loss of epoch 2 is not finite; lower the learning rate.") : null,
            };
            Trials.Add(trial);
            _observations.AddRange(curve.Select((point, i) => Observed(trial, i + 1, point.Beta, point.Accuracy)));
        }
        _candidates.Add(new CandidateSpec { Name = name, Backbone = name });
        return this;
    }

    /// <summary>Gives the last epochs of every trial a test accuracy, a tenth below that of validation.</summary>
    public JobOfCurves Tested(int lastEpochs)
    {
        foreach (var trial in Trials.Where(t => t.State == TrialState.Succeeded))
            for (var i = 0; i < _observations.Count; i++)
                if (_observations[i] is var o && o.TrialId == trial.Id && o.Epoch > trial.EpochsDone - lastEpochs)
                    _observations[i] = o with { TestAccuracy = o.ValidationAccuracy - 0.1 };
        return this;
    }

    /// <summary>A noiseless curve that would reach <paramref name="final"/> at β_eff = 0.</summary>
    public static (double Beta, double Accuracy)[] Line(double final, int epochs, double slope = 0.4)
        => [.. Enumerable.Range(1, epochs).Select(t => 0.9 / Math.Sqrt(t)).Select(beta => (beta, final - (slope * beta)))];

    private Observation Observed(Trial trial, int epoch, double beta, double accuracy) => new()
    {
        TrialId = trial.Id, Epoch = epoch, BetaEff = beta, ValidationAccuracy = accuracy, ValidationLoss = 1, ValidationCount = Images,
    };
}
