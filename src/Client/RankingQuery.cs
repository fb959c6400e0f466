namespace NeuralCapacitance.Client;

/// <summary>Another look at a job's observations; nothing is trained for it. What is null is as in the job.</summary>
public sealed record RankingQuery
{
    /// <summary>Epochs that the prediction looks at.</summary>
    public int? Observe { get; init; }

    /// <summary>The epoch after which the window starts.</summary>
    public int? Start { get; init; }

    /// <summary>One or several; the first one's answer is the ranking's own. <c>all</c> asks them all.</summary>
    public IReadOnlyList<string> Predictors { get; init; } = [];

    internal string ToQuery() => QueryText.Of([("observe", Observe), ("start", Start), .. Predictors.Select(predictor => ("predictor", (object?)predictor))]);
}
