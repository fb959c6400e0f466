using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Lifecycle;
using static NeuralCapacitance.Domain.Jobs.CandidateState;

namespace NeuralCapacitance.Domain.Tests.Jobs;

public sealed class CandidateStatesTests
{
    private static readonly HashSet<(CandidateState, CandidateState)> Allowed =
    [
        (Queued, Running), (Queued, Succeeded), (Queued, Dropped), (Queued, Cancelled),
        (Running, Queued), (Running, Succeeded), (Running, Failed), (Running, Dropped), (Running, Cancelled),
    ];

    public static TheoryData<CandidateState, CandidateState> Pairs()
    {
        var pairs = new TheoryData<CandidateState, CandidateState>();
        foreach (var from in Enum.GetValues<CandidateState>())
            foreach (var to in Enum.GetValues<CandidateState>()) pairs.Add(from, to);
        return pairs;
    }

    [Theory, MemberData(nameof(Pairs))]
    public void Only_the_listed_transitions_are_allowed(CandidateState from, CandidateState to)
    {
        from.CanBecome(to).ShouldBe(Allowed.Contains((from, to)));
        if (from.CanBecome(to)) from.GuardTransitionTo(to);
        else Should.Throw<InvalidTransitionException>(() => from.GuardTransitionTo(to)).Message.ShouldContain("candidate");
    }

    [Theory]
    [InlineData("QQ", Queued)]
    [InlineData("QR", Running)]
    [InlineData("QS", Running)]
    [InlineData("SF", Succeeded)]
    [InlineData("SC", Succeeded)]
    [InlineData("FF", Failed)]
    [InlineData("PP", Running)]
    [InlineData("PQ", Running)]
    [InlineData("DD", Dropped)]
    [InlineData("DF", Dropped)]
    [InlineData("FC", Cancelled)]
    [InlineData("CC", Cancelled)]
    public void A_candidate_stands_where_its_trials_put_it(string trials, CandidateState expected)
        => CandidateStates.Of(JobStatesTests.States(trials)).ShouldBe(expected);

    [Fact]
    public void A_candidate_without_trials_is_an_error() => Should.Throw<ArgumentException>(() => CandidateStates.Of([]));
}
