using NeuralCapacitance.Domain.Jobs;

namespace NeuralCapacitance.Domain.Backbones;

/// <summary>Opens the files of weights that candidates name.</summary>
public interface IWeightsCheck
{
    /// <summary>Why each candidate cannot start from its file: it is none of weights, is damaged, or does not fit the backbone. Null, in the same place, where it can. May take some seconds.</summary>
    /// <param name="candidates">Their weights are <c>file:…</c>, and the files are there.</param>
    IReadOnlyList<string?> WhyUnusable(IReadOnlyList<CandidateSpec> candidates);
}
