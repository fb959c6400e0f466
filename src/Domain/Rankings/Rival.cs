namespace NeuralCapacitance.Domain.Rankings;

/// <summary>How a ranked candidate stands to the first of its ranking.</summary>
/// <param name="CandidateIndex">Position in the job's spec.</param>
/// <param name="ProbabilityBehind">That the first's final accuracy is greater than this one's, if the predictor's intervals are right.</param>
/// <param name="MoreEpochs">
/// After so many more epochs it is likelier than not that the two are told apart; 0: not even at the end of the training. Null: the predictor does not say
/// what further epochs would show, or the training is at its end.
/// </param>
public sealed record Rival(int CandidateIndex, double ProbabilityBehind, int? MoreEpochs)
{
    /// <summary>Below this probability that one candidate is better than another, nobody should call them ranked.</summary>
    public const double Apart = 0.8;

    public bool IsToldApart => ProbabilityBehind >= Apart;
}
