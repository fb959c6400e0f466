using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Rankings;

namespace NeuralCapacitance.Domain.Answers;

/// <summary>The answer where the first cannot be told from others: what they cost decides, or more epochs do.</summary>
internal static class TiedAnswer
{
    /// <summary>What an epoch costs must differ by this factor before one is called the cheaper.</summary>
    private const double Cheaper = 1.1;

    /// <param name="ranking">Of which these are a part.</param>
    /// <param name="tied">The first of the ranking, and those that it cannot be told from.</param>
    /// <param name="rivals">The latter.</param>
    public static Answer Of(Job job, JobCourse course, Ranking ranking, IReadOnlyList<RankedCandidate> tied, IReadOnlyList<Rival> rivals)
    {
        var more = More(rivals);
        var canGoOn = tied.Any(c => course.Candidates[c.CandidateIndex].Epochs < job.Spec.Training.Epochs);
        var moreEpochs = canGoOn && more is > 0 ? more : null;
        var again = moreEpochs is { } epochs ? FurtherJob.Of(job, course, ranking, tied, epochs) : null;
        var further = (canGoOn, more) switch
        {
            (false, _) => "",
            (_, 0) => "; more epochs would hardly tell them apart",
            (_, null) => ", or observe more epochs",
            _ => $", or observe {more} more epoch{(more == 1 ? "" : "s")}",
        };
        var cheapest = CheapestOf(course, tied);
        return new Answer
        {
            Kind = AnswerKind.Tie,
            Sentence = $"{Words.List([.. tied.Select(c => c.Candidate)])} cannot be told apart: {Take(tied.Count, cheapest)}{further}.",
            Recommended = [.. tied.Select(c => c.Candidate)],
            Next = Next(course, tied, cheapest) + (again is null ? "" : $" {again.Told(job, ranking, moreEpochs!.Value)}"),
            MoreEpochs = moreEpochs,
            Further = again,
        };
    }

    /// <summary>Where none is clearly the cheaper by what was measured here, what it costs in use decides, which only the user knows.</summary>
    public static string Take(int count, RankedCandidate? cheapest)
        => $"take the {(count == 2 ? "cheaper" : "cheapest")}{(cheapest is null ? "" : $", {Words.Quoted(cheapest.Candidate)}")}";

    /// <summary>Null: their epochs take about as long as each other, or are not known.</summary>
    public static RankedCandidate? CheapestOf(JobCourse course, IReadOnlyList<RankedCandidate> tied)
    {
        var costs = tied.Select(c => (Candidate: c, course.Candidates[c.CandidateIndex].SecondsPerEpoch)).OrderBy(c => c.SecondsPerEpoch).ToList();
        return costs.TrueForAll(c => c.SecondsPerEpoch > 0) && costs[1].SecondsPerEpoch >= Cheaper * costs[0].SecondsPerEpoch ? costs[0].Candidate : null;
    }

    /// <summary>For all to be told from the first; 0: some hardly can be.</summary>
    private static int? More(IReadOnlyList<Rival> rivals)
        => rivals.Any(r => r.MoreEpochs == 0) ? 0 : rivals.All(r => r.MoreEpochs is not null) ? rivals.Max(r => r.MoreEpochs) : null;

    private static string Next(JobCourse course, IReadOnlyList<RankedCandidate> tied, RankedCandidate? cheapest)
    {
        var first = tied[0];
        var regret = $"Taking {Words.Quoted(first.Candidate)} is expected to give away {Words.Points(first.ExpectedRegret!.Value)}.";
        return cheapest is null
            ? regret
            : $"{regret} An epoch of {Words.Quoted(cheapest.Candidate)} took {Seconds(course, cheapest)}, of the next {Seconds(course, tied.Where(c => c != cheapest).MinBy(c => course.Candidates[c.CandidateIndex].SecondsPerEpoch)!)}.";
    }

    private static string Seconds(JobCourse course, RankedCandidate candidate)
        => course.Candidates[candidate.CandidateIndex].SecondsPerEpoch!.Value.ToString("0.## s", System.Globalization.CultureInfo.InvariantCulture);
}
