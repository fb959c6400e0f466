using System.Globalization;
using System.Text.RegularExpressions;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Rankings;

namespace NeuralCapacitance.Domain.Answers;

/// <summary>The job that looks further where candidates are a tie: the same spec in mode `early`, with these in place of its own. The same seeds make the same epochs again, and then more.</summary>
public sealed partial record FurtherJob
{
    /// <summary>Of fewer curves a prediction knows little: what is drift and what is jitter is then mostly its prior.</summary>
    private const int FewestCandidates = 4;

    /// <summary>Of a job's name.</summary>
    private const int MostCharacters = 200;

    /// <summary>Says where it comes from.</summary>
    /// <example>quickstart, to epoch 8</example>
    public required string Name { get; init; }

    /// <summary>`selection.observe`.</summary>
    /// <example>8</example>
    public required int Observe { get; init; }

    /// <summary>In the order of the spec: those that cannot be told apart, and where these are few the next of the ranking.</summary>
    public required IReadOnlyList<string> Candidates { get; init; }

    /// <summary>Null: these epochs are trained already, so that a ranking by them answers.</summary>
    /// <param name="more">Epochs after the ranking's last.</param>
    internal static FurtherJob? Of(Job job, JobCourse course, Ranking ranking, IReadOnlyList<RankedCandidate> tied, int more)
    {
        var last = Math.Min(ranking.Window.LastEpoch + more, job.Spec.Training.Epochs);
        if (tied.All(c => course.Candidates[c.CandidateIndex].Epochs >= last)) return null;
        var candidates = tied.Union(ranking.Candidates.Where(c => c.Rank is not null)).Take(Math.Max(FewestCandidates, tied.Count)).OrderBy(c => c.CandidateIndex);
        var suffix = string.Create(CultureInfo.InvariantCulture, $", to epoch {last}");
        var origin = Suffix().Replace(job.Spec.Name ?? $"job {job.Id.ToString()[..8]}", "");
        return new FurtherJob
        {
            Name = ShortText.Of(origin, MostCharacters - suffix.Length) + suffix,
            Observe = last - (job.Spec.Selection.Start ?? 0),
            Candidates = [.. candidates.Select(c => c.Candidate)],
        };
    }

    /// <summary>What to submit, and what that does.</summary>
    internal string Told(Job job, Ranking ranking, int more)
    {
        var mode = job.Spec.Selection.Mode is SelectionMode.Early ? "" : ", `selection.mode` `early`";
        return $"To observe {more} more, submit the job with `selection.observe` {Observe}{mode} and {Words.List(Candidates)}; the same seeds repeat the first {Words.Count(ranking.Window.LastEpoch, "epoch")}, which are trained again.";
    }

    [GeneratedRegex(@", to epoch [0-9]+\z")]
    private static partial Regex Suffix();
}
