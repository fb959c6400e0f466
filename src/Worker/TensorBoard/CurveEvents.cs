using NeuralCapacitance.Domain.Trials;
using Tensorboard;

namespace NeuralCapacitance.Worker.TensorBoard;

/// <summary>A trial's curve as TensorBoard's events. A step is an epoch.</summary>
internal static class CurveEvents
{
    private const string FormatVersion = "brain.Event:2";

    /// <summary>What a file begins with: its format, and that all which was read of this run before, if anything, is replaced by what follows.</summary>
    public static IEnumerable<Event> Beginning(DateTimeOffset time) =>
    [
        new() { WallTime = Seconds(time), FileVersion = FormatVersion },
        new() { WallTime = Seconds(time), Step = 0, SessionLog = new() { Status = SessionLog.Types.SessionStatus.Start } },
    ];

    /// <summary>What was measured, rounded to float as TensorBoard's scalars are; what was not is left out.</summary>
    public static Event Of(Observation observation)
    {
        var summary = new Summary();
        foreach (var (tag, value) in Scalars(observation))
        {
            if (value is { } number) summary.Value.Add(new Summary.Types.Value { Tag = tag, SimpleValue = (float)number });
        }
        return new() { WallTime = Seconds(observation.RecordedAt), Step = observation.Epoch, Summary = summary };
    }

    private static IEnumerable<(string Tag, double? Value)> Scalars(Observation observation) =>
    [
        ("accuracy/train", observation.TrainAccuracy),
        ("accuracy/validation", observation.ValidationAccuracy),
        ("accuracy/test", observation.TestAccuracy),
        ("loss/train", observation.TrainLoss),
        ("loss/validation", observation.ValidationLoss),
        ("beta_eff", observation.BetaEff),
        ("seconds/train", observation.TrainSeconds),
        ("seconds/beta", observation.BetaSeconds),
        ("seconds/validation", observation.ValidationSeconds),
    ];

    private static double Seconds(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).TotalSeconds;
}
