using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace NeuralCapacitance.Api.Access;

/// <summary>
/// Counts wrong keys by the address that they come from, a minute at a time. Nobody guesses 256 random bits; but who tries costs the database a question each
/// time, and should be seen in the log. The limiters of the framework cannot be told the time, and take a permit before it is known whether the key is wrong.
/// </summary>
internal sealed partial class FailedAttempts(IOptions<AccessOptions> options, TimeProvider clock, ILogger<FailedAttempts> log)
{
    private const int MostKept = 10_000;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, (long Since, int Failures)> _counts = new(StringComparer.Ordinal);

    /// <summary>How long no unknown key is looked at from there; null: it is.</summary>
    public TimeSpan? WaitFor(IPAddress? address)
        => _counts.TryGetValue(SourceOf(address), out var count) && count.Failures >= options.Value.FailuresPerMinute && clock.GetElapsedTime(count.Since) is var passed && passed < Window
            ? Window - passed
            : null;

    /// <summary>A key from there was wrong.</summary>
    public void Note(IPAddress? address)
    {
        var source = SourceOf(address);
        if (_counts.Count >= MostKept && !_counts.ContainsKey(source)) Forget();
        var now = clock.GetTimestamp();
        var (_, failures) = _counts.AddOrUpdate(source, _ => (now, 1), (_, count) => clock.GetElapsedTime(count.Since) < Window ? count with { Failures = count.Failures + 1 } : (now, 1));
        if (failures == options.Value.FailuresPerMinute) LogSlowed(failures, source);
    }

    private void Forget()
    {
        foreach (var (source, count) in _counts)
            if (clock.GetElapsedTime(count.Since) >= Window) _counts.TryRemove(source, out _);
        if (_counts.Count >= MostKept) _counts.Clear();
    }

    /// <summary>Who has an IPv6 address has 2⁶⁴ of them: their network counts as one.</summary>
    private static string SourceOf(IPAddress? address)
    {
        if (address is null) return "";
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (address.AddressFamily is not AddressFamily.InterNetworkV6) return address.ToString();
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return $"{new IPAddress(bytes)}/64";
    }

    [LoggerMessage(1100, LogLevel.Warning, "{Failures} wrong keys came from {Address} within a minute; unknown ones from there are refused until it is over")]
    private partial void LogSlowed(int failures, string address);
}
