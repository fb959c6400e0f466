namespace NeuralCapacitance.Infrastructure.Queue;

/// <summary>What operators know a worker process by.</summary>
internal static class WorkerName
{
    public static string OfThisProcess { get; } = $"{Environment.MachineName}:{Environment.ProcessId}";

    /// <summary>The owner of a lease, which nobody else ever was or will be.</summary>
    public static string NewOwner() => $"{OfThisProcess}/{Guid.NewGuid():N}";
}
