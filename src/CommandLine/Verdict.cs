using System.Globalization;
using NeuralCapacitance.Client.Models;

namespace NeuralCapacitance.CommandLine;

/// <summary>Whether a ranking names a candidate to take. The service says so itself; of an earlier one it follows from the numbers.</summary>
/// <param name="IsAnswered">There is one.</param>
/// <param name="Sentence">For a person.</param>
internal sealed record Verdict(bool IsAnswered, string Sentence)
{
    /// <summary>Below it, the first is not likely enough to be the best of all.</summary>
    private const double Sure = 0.8;

    public static Verdict Of(Ranking ranking) => ranking.Answer is { } answer
        ? new(answer.Kind is AnswerKind.Answered, $"{answer.Sentence} {answer.Next}".TrimEnd())
        : OfNumbers(ranking);

    private static Verdict OfNumbers(Ranking ranking)
    {
        var ranked = ranking.Candidates.Where(candidate => candidate.Rank is not null).ToList();
        if (ranked.Count == 0) return new(false, "No candidate could be ranked.");
        var first = ranked[0];
        var expected = first.PredictedAccuracy is { } accuracy ? string.Create(CultureInfo.InvariantCulture, $": {100 * accuracy:0} % expected") : "";
        if (ranked.Count > 1 && ranked[1].Rank == first.Rank) return new(false, $"`{first.Candidate}` and `{ranked[1].Candidate}` cannot be told apart.");
        return first.ProbabilityBest is < Sure and { } probability
            ? new(false, string.Create(CultureInfo.InvariantCulture, $"`{first.Candidate}` comes first{expected}, but only {100 * probability:0} % sure that it is the best."))
            : new(true, $"Fine-tune `{first.Candidate}`{expected}.");
    }
}
