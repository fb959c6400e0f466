namespace NeuralCapacitance.Domain.Answers;

/// <summary>What a job comes to, for somebody who reads one line. Its numbers are those of the ranking, rounded so that they never claim more.</summary>
public sealed record Answer
{
    /// <summary>`answered`, `tie` (several candidates cannot be told apart) or `no-answer`.</summary>
    public required AnswerKind Kind { get; init; }

    /// <summary>One sentence; names stand between backticks.</summary>
    /// <example>Fine-tune `resnet8`: 61 % expected (52 – 70), 83 % sure that it is the best; stopped after 5 of 50 epochs, 12 min saved.</example>
    public required string Sentence { get; init; }

    /// <summary>Candidates to take, the likeliest first: one where it is answered, all that cannot be told apart in a tie, none without an answer.</summary>
    public required IReadOnlyList<string> Recommended { get; init; }

    /// <summary>What to do now.</summary>
    public required string Next { get; init; }

    /// <summary>In a tie: after so many more epochs the candidates are more likely told apart than not. Null: that cannot be said, or none would do.</summary>
    public int? MoreEpochs { get; init; }

    /// <summary>The job that observes them. Null where there is no such number, and while the epochs are trained already: then another ranking does it.</summary>
    public FurtherJob? Further { get; init; }
}
