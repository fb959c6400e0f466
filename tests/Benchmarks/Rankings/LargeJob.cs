using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Domain.Trials;

namespace NeuralCapacitance.Benchmarks.Rankings;

/// <summary>A finished <c>full</c> job of made-up curves: accuracies that rise while β_eff falls, with noise.</summary>
internal sealed class LargeJob
{
    private const int Images = 2_000;

    public LargeJob(int candidates, int epochs, int repeats, int seed)
    {
        var random = new Random(seed);
        Spec = new JobSpec
        {
            Name = $"job {seed}",
            Dataset = new DatasetSpec { Name = "synthetic" },
            Candidates = [.. Enumerable.Range(0, candidates).Select(i => new CandidateSpec { Name = $"c{i}", Backbone = $"c{i}" })],
            Training = new TrainingSpec { Epochs = epochs, Repeats = repeats },
            Selection = new SelectionSpec { Mode = SelectionMode.Full },
        };
        Trials = [.. from candidate in Enumerable.Range(0, candidates) from repeat in Enumerable.Range(0, repeats) select new Trial
        {
            Id = new Guid(seed, (short)candidate, (short)repeat, new byte[8]),
            JobId = Guid.Empty, CandidateIndex = candidate, Candidate = $"c{candidate}", Repeat = repeat, Seed = repeat,
            State = TrialState.Succeeded, EpochsDone = epochs, EpochsTarget = epochs,
        }];
        Observations = [.. from trial in Trials from epoch in Enumerable.Range(1, epochs) select new Observation
        {
            TrialId = trial.Id,
            Epoch = epoch,
            BetaEff = (0.9 / Math.Sqrt(epoch)) + (0.01 * random.NextDouble()),
            ValidationAccuracy = 0.7 - (0.3 / Math.Sqrt(epoch)) + (0.01 * trial.CandidateIndex) - (0.03 * random.NextDouble()),
            ValidationLoss = 1,
            ValidationCount = Images,
        }];
    }

    public JobSpec Spec { get; }

    public IReadOnlyList<Trial> Trials { get; }

    public IReadOnlyList<Observation> Observations { get; }

    public PastTask AsPast() => Domain.Rankings.PastTasks.OfJob(Spec.Name!, Spec, Trials, Observations, [])!;
}
