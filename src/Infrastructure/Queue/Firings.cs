using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using NeuralCapacitance.Infrastructure.Trials;

namespace NeuralCapacitance.Infrastructure.Queue;

/// <summary>The firings that run in this process: whose leases are checked in, and what the dashboard is told of them.</summary>
internal sealed partial class Firings(SignalNotes notes, ILogger<Firings> logger)
{
    private readonly ConcurrentDictionary<string, Firing> _running = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Owners => [.. _running.Keys];

    /// <returns>Ends the firing when it is disposed.</returns>
    public Firing Begin(string owner, Guid signal)
    {
        var firing = new Firing(this, owner, signal);
        _running[owner] = firing;
        return firing;
    }

    /// <summary>A firing has a trial now.</summary>
    public void Note(ClaimedTrial claimed)
    {
        if (!_running.TryGetValue(claimed.Lease.Owner, out var firing)) return;
        firing.HasClaimed = true;
        try
        {
            notes.Write(firing.Signal, claimed);
        }
        catch (Exception e)
        {
            // For the dashboard only; the trial is claimed all the same.
            LogNotNoted(e, claimed.Trial.Id);
        }
    }

    [LoggerMessage(2202, LogLevel.Warning, "The dashboard could not be told of trial {TrialId}")]
    private partial void LogNotNoted(Exception exception, Guid trialId);

    public sealed class Firing(Firings all, string owner, Guid signal) : IDisposable
    {
        public Guid Signal => signal;

        public bool HasClaimed { get; set; }

        public void Dispose() => all._running.TryRemove(owner, out _);
    }
}
