using System.Net;

namespace NeuralCapacitance.Api.Hosting;

/// <summary>What only this machine reaches.</summary>
internal static class Loopback
{
    /// <summary>By the address that was connected to. A Unix socket has none.</summary>
    public static bool IsListener(HttpContext context) => context.Connection.LocalIpAddress is not { } address || IPAddress.IsLoopback(address);

    /// <param name="host">A name or an address, of IPv6 with or without brackets.</param>
    public static bool IsName(string host)
        => string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
