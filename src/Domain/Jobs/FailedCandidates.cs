namespace NeuralCapacitance.Domain.Jobs;

/// <summary>A job succeeds with a single candidate that did; whoever waits for its end should hear how many did not.</summary>
public static class FailedCandidates
{
    private const int NamesShown = 10;

    /// <summary>One sentence, or none.</summary>
    public static IEnumerable<string> Warnings(IReadOnlyList<(string Name, CandidateState State)> candidates)
    {
        List<string> failed = [.. candidates.Where(c => c.State == CandidateState.Failed).Select(c => c.Name)];
        if (failed.Count == 0) yield break;
        var names = string.Join(", ", failed.Take(NamesShown)) + (failed.Count > NamesShown ? $" and {failed.Count - NamesShown} more" : "");
        yield return $"{failed.Count} of {candidates.Count} candidates failed and {(failed.Count == 1 ? "is" : "are")} not among those compared: {names}";
    }
}
