using System.Net;
using System.Net.Sockets;

namespace NeuralCapacitance.Infrastructure.Webhooks;

/// <summary>The name leads only to addresses that nothing is sent to.</summary>
internal sealed class AddressRefusedException(string host)
    : IOException($"{host} leads to no public address; the service's operator may allow it (Webhooks:Allow)");

/// <summary>The addresses of a host.</summary>
internal delegate Task<IPAddress[]> ResolveHost(string host, CancellationToken cancellationToken);

/// <summary>
/// Connects to the very address that was looked at, at the moment of connecting: a name that leads elsewhere a moment later gains nothing by it.
/// </summary>
internal sealed class GuardedConnection(AddressPolicy policy, ResolveHost resolve, DnsEndPoint? proxy)
{
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var addresses = await resolve(host, cancellationToken);
        // The proxy is the operator's own.
        var allowed = context.DnsEndPoint.Equals(proxy) ? addresses : [.. addresses.Where(address => policy.MaySendTo(host, address))];
        if (allowed.Length == 0) throw new AddressRefusedException(host);
        SocketException? failure = null;
        foreach (var address in allowed)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, port), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException e)
            {
                socket.Dispose();
                failure = e;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
        throw failure!;
    }

    /// <summary>A proxy resolves names itself; whoever is not to be sent to is refused before it is asked.</summary>
    public async Task CheckAsync(Uri url, CancellationToken cancellationToken)
    {
        if (proxy is null) return;
        var host = url.IdnHost.Trim('[', ']');
        if (!(await resolve(host, cancellationToken)).All(address => policy.MaySendTo(host, address))) throw new AddressRefusedException(host);
    }
}
