using System.Net;
using System.Net.Sockets;

namespace NeuralCapacitance.Benchmarks.Load;

/// <summary>A client of another address than those that attack; on Linux all of 127.0.0.0/8 is this machine.</summary>
internal static class Neighbour
{
    private static readonly IPAddress Address = IPAddress.Parse("127.0.0.2");

    public static HttpClient Create(Uri service, TimeSpan patience) => new(new SocketsHttpHandler
    {
        UseProxy = false,
        ConnectCallback = async (context, cancellationToken) =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                socket.Bind(new IPEndPoint(Address, 0));
                await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    })
    {
        BaseAddress = service,
        Timeout = patience,
    };
}
