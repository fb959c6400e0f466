using Microsoft.Extensions.Logging;
using NeuralCapacitance.Domain.Finalizations;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Worker.Slots;
using NeuralCapacitance.Worker.Training;

namespace NeuralCapacitance.Worker.Tests.Slots;

public sealed class SlotWireTests
{
    private static readonly Guid Trial = Guid.Parse("0198a2b4-1111-7222-8333-944455556666");

    private static readonly Observation Observation = new()
    {
        TrialId = Trial,
        Epoch = 3,
        BetaEff = 0.1 + 0.2,
        BetaSigned = -1e-310,
        ValidationAccuracy = 1.0 / 3,
        ValidationLoss = Math.BitIncrement(2.0),
        ValidationCount = 60,
        TrainAccuracy = null,
        TrainLoss = double.NaN,
        TrainSeconds = double.MaxValue,
        RecordedAt = new DateTimeOffset(2026, 11, 29, 22, 44, 34, TimeSpan.FromHours(2)).AddTicks(1_234_567),
    };

    private static FromSlot[] Messages =>
    [
        new Ready(new ComputeDevice("cuda:1", 3, "2.10.0+cu128")),
        new Unfit(["Worker:Device: 'tpu' is not known.", "zwei\nZeilen, “Anführung”"]),
        new Logged(LogLevel.Warning, "a.b", 3009, "text\nwith a stack"),
        new TrialEnded(IsStopped: true),
        new TrialEnded(IsStopped: false, new Failure("diverged", "Lower it."), "stack\n   at …"),
        new DatasetLoaded("ab12"),
        new ContinuesFrom([Observation, Observation with { Epoch = 4, TrainLoss = double.PositiveInfinity }]),
        new HasScores(),
        new Scored([new TrialScore(Trial, "logme", -0.30000000000000004, Reason: null, 0.1), new TrialScore(Trial, "synflow", Value: null, "too large")]),
        new Observed(Observation),
        new Noted("a note"),
        new Moved(),
        new DataPrepared(new("/c/ab-32.images", new("ab", 32, 3, 0, 1, 7), ["cat", "dog"], ["a problem"])),
    ];

    [Fact]
    public void Whatever_a_slot_says_arrives_as_it_was_said()
    {
        foreach (var message in Messages)
        {
            var line = SlotWire.Write(message);

            line.ShouldNotContain('\n');
            var arrived = SlotWire.Read<FromSlot>(line);
            arrived.ShouldBeOfType(message.GetType());
            SlotWire.Write(arrived).ShouldBe(line);
            Flat(arrived).ShouldBe(Flat(message));
        }
    }

    [Fact]
    public void Every_kind_of_message_is_among_them()
    {
        var all = typeof(FromSlot).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(FromSlot)) && !type.IsAbstract);

        Messages.Select(message => message.GetType()).Distinct().ShouldBe(all, ignoreOrder: true);
    }

    [Fact]
    public void Numbers_arrive_to_the_last_bit()
    {
        var arrived = ((Observed)SlotWire.Read<FromSlot>(SlotWire.Write<FromSlot>(new Observed(Observation)))).Observation;

        BitConverter.DoubleToInt64Bits(arrived.BetaEff!.Value).ShouldBe(BitConverter.DoubleToInt64Bits(0.1 + 0.2));
        BitConverter.DoubleToInt64Bits(arrived.BetaSigned!.Value).ShouldBe(BitConverter.DoubleToInt64Bits(-1e-310));
        arrived.RecordedAt.Ticks.ShouldBe(Observation.RecordedAt.Ticks);
        arrived.ShouldBe(Observation);
    }

    [Fact]
    public void A_plan_arrives_whole()
    {
        var candidate = new CandidateSpec { Name = "é “x”", Backbone = "torchscript", Weights = "file:a b.pt", Module = "features.0" };
        var plan = new TrialPlan
        {
            TrialId = Trial,
            Spec = new JobSpec
            {
                Dataset = new() { Name = "image-folder", Path = "birds", Classes = ["a", "b"] },
                Candidates = [candidate],
                Training = new() { LearningRate = 0.1 + 0.2, SaveWeights = true, Seed = long.MinValue },
                Head = ModelHead.Linear,
                Selection = new() { Mode = SelectionMode.Race },
            },
            Candidate = candidate,
            Seed = long.MaxValue,
            Epochs = 7,
            Device = new ComputeDevice("cpu", 2, "2.10.0"),
            Attempt = 3,
            WeightsPath = "/a/b.safetensors",
        };

        var arrived = ((RunTrial)SlotWire.Read<ToSlot>(SlotWire.Write<ToSlot>(new RunTrial(plan)))).Plan;

        JobSpecJson.Write(arrived.Spec).ShouldBe(JobSpecJson.Write(plan.Spec));
        (arrived with { Spec = plan.Spec }).ShouldBe(plan);
        TrialFingerprint.Of(arrived, "hash", networkDigest: null).ShouldBe(TrialFingerprint.Of(plan, "hash", networkDigest: null));
    }

    /// <summary>Records compare by value but for their lists.</summary>
    private static object[] Flat(FromSlot message) => message switch
    {
        Unfit unfit => [.. unfit.Faults],
        ContinuesFrom continues => [.. continues.History],
        Scored scored => [.. scored.Scores],
        DataPrepared(var data) => [data.File, data.Header, .. data.Classes, .. data.Problems],
        _ => [message],
    };

    [Fact]
    public void The_workers_answers_arrive()
    {
        ToSlot[] messages = [new StopTrial(), new Done(), new KnownEpochs(-1), new ScoresStored(Are: true)];

        messages.Select(message => SlotWire.Read<ToSlot>(SlotWire.Write(message))).ShouldBe(messages);
    }
}
