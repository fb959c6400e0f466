namespace NeuralCapacitance.Domain.Jobs;

/// <summary>Weights of a file: <c>file:PATH</c>, or <c>file:PATH#PART</c> where the file holds several sets of weights.</summary>
/// <param name="Path">Absolute.</param>
/// <param name="Part">Keys that lead to the weights, joined by dots: <c>model_ema</c>; empty: the outermost dict; null: those that fit.</param>
public sealed record FileWeights(string Path, string? Part)
{
    /// <param name="weights">As in a job spec.</param>
    /// <param name="resolve">Turns a path into an absolute one. A file whose name has a <c>#</c> is taken as it is, where there is one.</param>
    /// <exception cref="ArgumentException">As <paramref name="resolve"/> throws it.</exception>
    public static FileWeights Resolve(string weights, Func<string, string> resolve)
    {
        var given = weights[CandidateSpec.FilePrefix.Length..];
        if (given.LastIndexOf('#') is var mark && mark < 0) return new(resolve(given), null);
        try
        {
            return new(resolve(given), null);
        }
        catch (ArgumentException)
        {
            return new(resolve(given[..mark]), given[(mark + 1)..]);
        }
    }
}
