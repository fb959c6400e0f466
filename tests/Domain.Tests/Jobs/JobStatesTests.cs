using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Lifecycle;
using NeuralCapacitance.Domain.Trials;
using static NeuralCapacitance.Domain.Jobs.JobState;

namespace NeuralCapacitance.Domain.Tests.Jobs;

public sealed class JobStatesTests
{
    private static readonly HashSet<(JobState, JobState)> Allowed =
    [
        (Queued, Running), (Queued, Cancelling), (Queued, Cancelled),
        (Running, Queued), (Running, Succeeded), (Running, Failed), (Running, Cancelling), (Running, Cancelled),
        (Cancelling, Cancelled), (Cancelling, Succeeded), (Cancelling, Failed),
    ];

    public static TheoryData<JobState, JobState> Pairs()
    {
        var pairs = new TheoryData<JobState, JobState>();
        foreach (var from in Enum.GetValues<JobState>())
            foreach (var to in Enum.GetValues<JobState>()) pairs.Add(from, to);
        return pairs;
    }

    [Theory, MemberData(nameof(Pairs))]
    public void Only_the_listed_transitions_are_allowed(JobState from, JobState to)
    {
        from.CanBecome(to).ShouldBe(Allowed.Contains((from, to)));
        if (from.CanBecome(to)) from.GuardTransitionTo(to);
        else Should.Throw<InvalidTransitionException>(() => from.GuardTransitionTo(to)).Message.ShouldContain($"cannot become {to.ToString().ToLowerInvariant()}");
    }

    [Fact]
    public void Three_states_are_final()
        => Enum.GetValues<JobState>().Where(s => s.IsFinal).ShouldBe([Succeeded, Failed, Cancelled], ignoreOrder: true);

    [Theory]
    [InlineData("QQ", false, Queued)]
    [InlineData("QR", false, Running)]
    [InlineData("QS", false, Running)]
    [InlineData("QF", false, Running)]
    [InlineData("SR", false, Running)]
    [InlineData("SS", false, Succeeded)]
    [InlineData("SF", false, Succeeded)]
    [InlineData("FF", false, Failed)]
    [InlineData("PP", false, Running)]
    [InlineData("DQ", false, Running)]
    [InlineData("DS", false, Succeeded)]
    [InlineData("DF", false, Failed)]
    [InlineData("DC", true, Cancelled)]
    [InlineData("RC", true, Cancelling)]
    [InlineData("QQ", true, Cancelling)]
    [InlineData("CC", true, Cancelled)]
    [InlineData("SC", true, Cancelled)]
    [InlineData("FC", true, Cancelled)]
    [InlineData("SS", true, Succeeded)]
    [InlineData("FF", true, Failed)]
    public void A_job_stands_where_its_trials_put_it(string trials, bool cancelRequested, JobState expected)
        => JobStates.Of(States(trials), cancelRequested).ShouldBe(expected);

    [Fact]
    public void Whatever_one_trial_does_the_job_can_follow()
    {
        var states = Enum.GetValues<TrialState>();
        foreach (var other in states)
            foreach (var from in states)
                foreach (var to in states.Where(to => from.CanBecome(to) && to != TrialState.Cancelled))
                {
                    if (other == TrialState.Cancelled) continue;
                    var before = JobStates.Of([other, from], cancelRequested: false);
                    var after = JobStates.Of([other, to], cancelRequested: false);
                    (before == after || before.CanBecome(after)).ShouldBeTrue($"{other}, {from} → {to}: {before} → {after}");
                }
    }

    [Fact]
    public void A_job_without_trials_is_an_error() => Should.Throw<ArgumentException>(() => JobStates.Of([], cancelRequested: false));

    internal static TrialState[] States(string letters) => [.. letters.Select(letter => letter switch
    {
        'Q' => TrialState.Queued,
        'R' => TrialState.Running,
        'S' => TrialState.Succeeded,
        'F' => TrialState.Failed,
        'P' => TrialState.Paused,
        'D' => TrialState.Dropped,
        _ => TrialState.Cancelled,
    })];
}
