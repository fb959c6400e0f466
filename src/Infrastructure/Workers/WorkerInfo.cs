namespace NeuralCapacitance.Infrastructure.Workers;

/// <param name="Used">Bytes.</param>
/// <param name="Total">Bytes that may be used.</param>
public sealed record MemoryUse(long Used, long Total);

/// <param name="Id">Machine and device, which a worker that starts there again has too.</param>
/// <param name="Process">Machine and process.</param>
/// <param name="Version">Of the service.</param>
/// <param name="Device"><c>cpu</c> or <c>cuda:N</c>.</param>
/// <param name="Slots">Trials that it runs at the same time.</param>
/// <param name="IsAlive">It has checked in lately.</param>
/// <param name="Memory">Of its machine, or of the container that it is in; null: the system does not tell.</param>
/// <param name="DeviceMemory">Of its GPU; null: it has none, or the driver does not tell.</param>
/// <param name="SeenAt">Its last check-in; null: it has stopped in good order.</param>
/// <param name="DrainingSince">Since when it takes no trials; null: it takes them.</param>
/// <param name="Trials">That it runs.</param>
public sealed record WorkerInfo(
    string Id,
    string Process,
    string Version,
    string Device,
    int Slots,
    bool IsAlive,
    MemoryUse? Memory,
    MemoryUse? DeviceMemory,
    DateTimeOffset StartedAt,
    DateTimeOffset? SeenAt,
    DateTimeOffset? DrainingSince,
    IReadOnlyList<RunningTrial> Trials);

/// <param name="Owner">Of its job.</param>
/// <param name="EpochsTarget">The last epoch, or that of the race's next round.</param>
public sealed record RunningTrial(Guid Id, Guid JobId, string Owner, string Candidate, int Attempt, int EpochsDone, int EpochsTarget);

/// <summary>What a worker says of itself. The part that knows the device implements it.</summary>
public interface IWorkerFacts
{
    /// <summary><c>cpu</c> or <c>cuda:N</c>.</summary>
    string Device { get; }

    /// <summary>Null: there is no GPU, or its driver does not tell.</summary>
    MemoryUse? DeviceMemory();
}

/// <summary>Where nobody knows better.</summary>
internal sealed class CpuFacts : IWorkerFacts
{
    public string Device => "cpu";

    public MemoryUse? DeviceMemory() => null;
}
