using NeuralCapacitance.Infrastructure.Workers;

namespace NeuralCapacitance.Api.Workers;

/// <summary>A worker.</summary>
/// <param name="Id">Its machine and device.</param>
/// <param name="Process">Machine and process, as in the logs.</param>
/// <param name="Version">Of the service.</param>
/// <param name="Device">`cpu` or `cuda:N`.</param>
/// <param name="Slots">Trials that it runs at the same time.</param>
/// <param name="IsAlive">Whether it has checked in lately.</param>
/// <param name="IsDraining">Whether it takes no new trials.</param>
/// <param name="DrainingSince">Null: it does.</param>
/// <param name="Memory">Of its machine or container; null: its system does not tell.</param>
/// <param name="DeviceMemory">Of its GPU; null: it has none, or the driver does not tell.</param>
/// <param name="StartedAt">Of the worker that is there now, or was there last.</param>
/// <param name="LastCheckIn">Null: it has stopped in good order.</param>
/// <param name="RunningTrials">How many it runs now.</param>
/// <param name="Trials">Those of them that the caller may see.</param>
public sealed record WorkerResponse(
    string Id,
    string Process,
    string Version,
    string Device,
    int Slots,
    bool IsAlive,
    bool IsDraining,
    DateTimeOffset? DrainingSince,
    MemoryResponse? Memory,
    MemoryResponse? DeviceMemory,
    DateTimeOffset StartedAt,
    DateTimeOffset? LastCheckIn,
    int RunningTrials,
    IReadOnlyList<WorkerTrial> Trials)
{
    /// <param name="sees">Whether what belongs to an owner is shown.</param>
    internal static WorkerResponse Of(WorkerInfo worker, Func<string, bool> sees) => new(
        worker.Id,
        worker.Process,
        worker.Version,
        worker.Device,
        worker.Slots,
        worker.IsAlive,
        worker.DrainingSince is not null,
        worker.DrainingSince,
        MemoryResponse.Of(worker.Memory),
        MemoryResponse.Of(worker.DeviceMemory),
        worker.StartedAt,
        worker.SeenAt,
        worker.Trials.Count,
        [.. worker.Trials.Where(trial => sees(trial.Owner)).Select(trial => new WorkerTrial(trial.Id, trial.JobId, trial.Candidate, trial.Attempt, trial.EpochsDone, trial.EpochsTarget))]);
}

/// <summary>Memory in bytes.</summary>
public sealed record MemoryResponse(long UsedBytes, long TotalBytes)
{
    internal static MemoryResponse? Of(MemoryUse? memory) => memory is null ? null : new(memory.Used, memory.Total);
}

/// <summary>A trial that a worker runs.</summary>
/// <param name="EpochsTarget">The last epoch, or that of the race's next round.</param>
public sealed record WorkerTrial(Guid Id, Guid JobId, string Candidate, int Attempt, int EpochsDone, int EpochsTarget);
