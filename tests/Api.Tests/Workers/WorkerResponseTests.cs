using NeuralCapacitance.Api.Workers;
using NeuralCapacitance.Domain.Access;
using NeuralCapacitance.Infrastructure.Workers;

namespace NeuralCapacitance.Api.Tests.Workers;

public sealed class WorkerResponseTests
{
    private static readonly WorkerInfo Busy = new(
        "box-cpu", "box:1", "0.1.0", "cpu", Slots: 2, IsAlive: true, Memory: null, DeviceMemory: null, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, DrainingSince: null,
        [TrialOf("key:one", "resnet8"), TrialOf("key:two", "cnn-small")]);

    [Theory]
    [InlineData(Isolation.Team, Role.Read, "resnet8", "cnn-small")]
    [InlineData(Isolation.Owner, Role.Submit, "resnet8")]
    [InlineData(Isolation.Owner, Role.Operate, "resnet8", "cnn-small")]
    public void What_it_runs_for_others_is_counted_and_not_shown(Isolation isolation, Role role, params string[] shown)
    {
        var caller = new Caller("key:one", "one", role);

        var response = WorkerResponse.Of(Busy, owner => caller.Sees(owner, isolation));

        response.RunningTrials.ShouldBe(2);
        response.Trials.Select(trial => trial.Candidate).ShouldBe(shown);
    }

    private static RunningTrial TrialOf(string owner, string candidate) => new(Guid.NewGuid(), Guid.NewGuid(), owner, candidate, Attempt: 1, EpochsDone: 2, EpochsTarget: 6);
}
