using NeuralCapacitance.Domain.Trials;

namespace NeuralCapacitance.Api.Rankings;

/// <summary>What was seen of a candidate, without any prediction.</summary>
/// <param name="LastSeen">Mean over the repeats; null before the first epoch.</param>
/// <param name="LastEpoch">Of that; null before the first, and where the repeats stand at different ones.</param>
/// <param name="BestSeen">Mean over the repeats; null before the first epoch.</param>
/// <param name="Seconds">Training, β_eff and validation, over all repeats.</param>
public sealed record CandidateSummary(double? LastSeen, int? LastEpoch, double? BestSeen, double Seconds)
{
    /// <summary>By the candidate's position in the spec.</summary>
    public static IReadOnlyDictionary<int, CandidateSummary> Of(IReadOnlyCollection<Trial> trials, IReadOnlyCollection<Observation> observations)
    {
        var byTrial = observations.ToLookup(observation => observation.TrialId);
        return trials.GroupBy(trial => trial.CandidateIndex).ToDictionary(
            group => group.Key,
            group =>
            {
                var repeats = group.Select(trial => byTrial[trial.Id].OrderBy(observation => observation.Epoch).ToList())
                    .Where(repeat => repeat.Count > 0).ToList();
                return new CandidateSummary(
                    Finite(repeats.Select(repeat => (double?)repeat[^1].ValidationAccuracy).Average()),
                    repeats.Select(repeat => repeat[^1].Epoch).Distinct().ToList() is [var epoch] ? epoch : null,
                    Finite(repeats.Select(repeat => (double?)repeat.Max(observation => observation.ValidationAccuracy)).Average()),
                    repeats.Sum(repeat => repeat.Sum(observation => observation.TrainSeconds + observation.BetaSeconds + observation.ValidationSeconds)));
            });
    }

    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;
}
