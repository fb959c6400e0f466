using NeuralCapacitance.Worker.TorchScript;

namespace NeuralCapacitance.Worker.Tests.TorchScript;

/// <summary>Skipped, with the reason, where bubblewrap is not installed, or does not work.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BubblewrapFactAttribute : FactAttribute
{
    private static readonly string? Reason = Bubblewrap.Find(out var reason) is null ? reason : null;

    public BubblewrapFactAttribute() => Skip = Reason;
}
