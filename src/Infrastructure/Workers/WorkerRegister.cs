using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Infrastructure.Postgres;
using NeuralCapacitance.Infrastructure.Postgres.Model;
using NeuralCapacitance.Infrastructure.Queue;

namespace NeuralCapacitance.Infrastructure.Workers;

/// <summary>
/// This process among the workers. It takes a place, named after machine and device, with what was said of that place before: a worker that is restarted while it
/// drains goes on draining. A second living worker at the same machine and device gets a place of its own.
/// </summary>
internal sealed class WorkerRegister(
    IDbContextFactory<ServiceDbContext> contexts, IWorkerFacts facts, SlotGate slots, DrainGate gate, IOptions<QueueOptions> options, TimeProvider clock)
{
    /// <summary>Workers that start at the same time take their places one after the other; "NCWK" in ASCII.</summary>
    private const long LockKey = 0x4E43574B;

    private readonly Guid _instance = Guid.NewGuid();
    private string? _place;

    private static string Version { get; } = typeof(WorkerRegister).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>May be repeated.</summary>
    public async Task TakePlaceAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.BeginTransactionAsync(cancellationToken);
        await context.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({LockKey})", cancellationToken);
        var now = await context.NowAsync(cancellationToken);
        var oldest = now - options.Value.CheckInWindow;
        var known = await context.Workers.ToDictionaryAsync(w => w.Id, cancellationToken);
        var id = Places().First(place => !known.TryGetValue(place, out var row) || row.Instance == _instance || !IsHeld(row, now, oldest));
        if (!known.TryGetValue(id, out var mine))
        {
            mine = new() { Id = id, Process = "", Version = "", Device = "" };
            context.Add(mine);
        }
        (mine.Process, mine.Instance, mine.Version, mine.Device, mine.Slots) = (WorkerName.OfThisProcess, _instance, Version, facts.Device, slots.Count);
        (mine.StartedAt, mine.SeenAt) = (now, now);
        Describe(mine);
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        _place = id;
        gate.Set(mine.DrainingSince is not null);
    }

    /// <summary>Says that the process lives, and learns whether it may take trials. A place that is gone, or somebody else's, is taken anew.</summary>
    public async Task CheckInAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await context.Workers.SingleOrDefaultAsync(w => w.Id == _place && w.Instance == _instance, cancellationToken) is not { } mine)
        {
            await TakePlaceAsync(cancellationToken);
            return;
        }
        mine.SeenAt = await context.NowAsync(cancellationToken);
        Describe(mine);
        await context.SaveChangesAsync(cancellationToken);
        gate.Set(mine.DrainingSince is not null);
    }

    /// <summary>Looks only whether it may take trials.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        gate.Set(await context.Workers.AnyAsync(w => w.Instance == _instance && w.DrainingSince != null, cancellationToken));
    }

    /// <summary>The process stops. What was said of its place stays for the next one there.</summary>
    public async Task LeaveAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var mine = context.Workers.Where(w => w.Instance == _instance);
        await mine.Where(w => w.DrainingSince == null).ExecuteDeleteAsync(cancellationToken);
        await mine.ExecuteUpdateAsync(set => set.SetProperty(w => w.SeenAt, (DateTimeOffset?)null), cancellationToken);
    }

    /// <summary>By somebody who is alive as far as can be told from here.</summary>
    private bool IsHeld(WorkerRow row, DateTimeOffset now, DateTimeOffset oldest)
    {
        if (row.SeenAt is null || row.SeenAt < oldest) return false;
        // A container that is restarted has the name and the number of the one before; another host in this very process began after it did.
        if (row.Process == WorkerName.OfThisProcess) return row.StartedAt > now - Age();
        return !WorkerName.IsOfThisMachine(row.Process, out var process) || Runs(process);
    }

    /// <summary>Of this process.</summary>
    private TimeSpan Age()
    {
        using var self = Process.GetCurrentProcess();
        return clock.GetLocalNow() - new DateTimeOffset(self.StartTime);
    }

    private static bool Runs(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Of machine and device, in characters that stand in an address as they are.</summary>
    private IEnumerable<string> Places()
    {
        var first = string.Concat($"{Environment.MachineName}-{facts.Device}".Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' ? c : '-')).ToLowerInvariant();
        yield return first;
        for (var i = 2; ; i++) yield return string.Create(CultureInfo.InvariantCulture, $"{first}-{i}");
    }

    private void Describe(WorkerRow row)
    {
        var (memory, device) = (MachineMemory.Read(), facts.DeviceMemory());
        (row.MemoryUsed, row.MemoryTotal) = (memory?.Used, memory?.Total);
        (row.DeviceMemoryUsed, row.DeviceMemoryTotal) = (device?.Used, device?.Total);
    }
}
