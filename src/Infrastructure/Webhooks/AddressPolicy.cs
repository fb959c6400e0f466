using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Domain.Notifications;
using NeuralCapacitance.Infrastructure.Network;

namespace NeuralCapacitance.Infrastructure.Webhooks;

/// <summary>
/// Which addresses notifications are sent to: public ones, and those that the settings allow. Who may submit a job must not reach through the service what only the
/// service can reach.
/// </summary>
internal sealed class AddressPolicy(IOptions<WebhookOptions> options) : IReceiverPolicy
{
    /// <summary>IANA's registry of special purposes, multicast, what is reserved, and a metadata service that has a public address.</summary>
    private static readonly IPNetwork[] RefusedV4 =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24",
            "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "168.63.129.16/32",
        }.Select(IPNetwork.Parse),
    ];

    /// <summary>Of IPv6 only what is handed out for the world; ::1, fe80::/10, fc00::/7, ff00::/8 and 64:ff9b::/96 lie outside.</summary>
    private static readonly IPNetwork GlobalV6 = IPNetwork.Parse("2000::/3");

    /// <summary>Tunnels that carry an IPv4 address (2001::/32, 2002::/16), protocol assignments, documentation.</summary>
    private static readonly IPNetwork[] RefusedV6 = [.. new[] { "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20" }.Select(IPNetwork.Parse)];

    private readonly IPNetwork[] _networks = [.. options.Value.Allow.Select(IPNetworks.Parse).OfType<IPNetwork>()];

    private readonly HashSet<string> _hosts = [.. options.Value.Allow.Where(text => IPNetworks.Parse(text) is null).Select(text => text.ToLowerInvariant())];

    public static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) return IsPublic(address.MapToIPv4());
        return address.AddressFamily switch
        {
            AddressFamily.InterNetwork => !RefusedV4.Any(network => network.Contains(address)),
            AddressFamily.InterNetworkV6 => address.ScopeId == 0 && GlobalV6.Contains(address) && !RefusedV6.Any(network => network.Contains(address)),
            _ => false,
        };
    }

    /// <param name="host">As the URL has it.</param>
    /// <param name="address">That it leads to.</param>
    public bool MaySendTo(string host, IPAddress address)
    {
        if (_hosts.Contains(host.ToLowerInvariant())) return true;
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return IsPublic(plain) || _networks.Any(network => network.Contains(plain));
    }

    public string? WhyRefused(Uri url)
    {
        var host = url.IdnHost.Trim('[', ']');
        if (string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase) && !MaySendTo(host, IPAddress.Loopback)) return "is the service's own machine";
        return IPAddress.TryParse(host, out var address) && !MaySendTo(host, address) ? "is no public address" : null;
    }
}
