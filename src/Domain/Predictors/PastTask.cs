namespace NeuralCapacitance.Domain.Predictors;

/// <summary>A selection whose candidates were all trained to the end: what a predictor may learn from.</summary>
/// <param name="Name">For messages.</param>
/// <param name="SameDataset">Whether its images and labels are those of the task at hand.</param>
/// <param name="Epochs">Of the whole training.</param>
public sealed record PastTask(string Name, bool SameDataset, int Epochs, IReadOnlyList<PastCandidate> Candidates);

/// <param name="Curves">To the last epoch.</param>
/// <param name="FinalAccuracy">In [0, 1].</param>
public sealed record PastCandidate(string Name, CandidateCurves Curves, double FinalAccuracy);
