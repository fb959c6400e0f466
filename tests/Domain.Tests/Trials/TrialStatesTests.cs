using NeuralCapacitance.Domain.Lifecycle;
using NeuralCapacitance.Domain.Trials;
using static NeuralCapacitance.Domain.Trials.TrialState;

namespace NeuralCapacitance.Domain.Tests.Trials;

public sealed class TrialStatesTests
{
    private static readonly HashSet<(TrialState, TrialState)> Allowed =
    [
        (Queued, Running), (Queued, Succeeded), (Queued, Dropped), (Queued, Cancelled),
        (Running, Running), (Running, Queued), (Running, Paused), (Running, Succeeded), (Running, Failed), (Running, Dropped), (Running, Cancelled),
        (Paused, Queued), (Paused, Succeeded), (Paused, Dropped), (Paused, Cancelled),
    ];

    public static TheoryData<TrialState, TrialState> Pairs()
    {
        var pairs = new TheoryData<TrialState, TrialState>();
        foreach (var from in Enum.GetValues<TrialState>())
            foreach (var to in Enum.GetValues<TrialState>()) pairs.Add(from, to);
        return pairs;
    }

    [Theory, MemberData(nameof(Pairs))]
    public void Only_the_listed_transitions_are_allowed(TrialState from, TrialState to)
    {
        from.CanBecome(to).ShouldBe(Allowed.Contains((from, to)));
        if (from.CanBecome(to)) from.GuardTransitionTo(to);
        else Should.Throw<InvalidTransitionException>(() => from.GuardTransitionTo(to));
    }

    [Fact]
    public void The_message_says_what_would_be_allowed()
    {
        Should.Throw<InvalidTransitionException>(() => Queued.GuardTransitionTo(Failed)).Message
            .ShouldBe("A queued trial cannot become failed; it can become running, succeeded, dropped, cancelled.");
        Should.Throw<InvalidTransitionException>(() => Failed.GuardTransitionTo(Running)).Message
            .ShouldBe("A failed trial cannot become running; it can become nothing else: it is final.");
    }
}
