using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Worker.Training;

namespace NeuralCapacitance.Worker.TorchScript;

/// <summary>What the trial of a user's own model says, for its listener: texts are cut, and each checkpoint is in its place before its observation is told.</summary>
/// <param name="sandbox">Null: the trial writes to the real places itself.</param>
internal sealed class GuardedListener(ITrialListener inner, TrialSandbox? sandbox) : ITrialListener
{
    private const int MostCharacters = 1000;

    public static Failure Readable(Failure failure) => failure with { Message = ModelWords.OneLine(failure.Message, MostCharacters) };

    public void DatasetLoaded(string hash) => inner.DatasetLoaded(hash);

    public int ContinuesFrom(IReadOnlyList<Observation> history) => inner.ContinuesFrom(history);

    public bool HasScores() => inner.HasScores();

    public void Scored(IReadOnlyList<TrialScore> scores)
        => inner.Scored([.. scores.Select(score => score.Reason is { } reason ? score with { Reason = ModelWords.OneLine(reason, MostCharacters) } : score)]);

    public void Observed(Observation observation)
    {
        try
        {
            sandbox?.KeepCheckpoint();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrialFailedException(new(FailureCodes.Storage, e.Message), e);
        }
        inner.Observed(observation);
    }

    public void Noted(string note) => inner.Noted(ModelWords.OneLine(note, MostCharacters));
}
