using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace NeuralCapacitance.Infrastructure.Tests.Downloads;

/// <summary>
/// An HTTP server on loopback whose every answer a test writes byte by byte, so that it can lie and break off as no well-behaved server would.
/// Requests beyond the answers given get the last one again.
/// </summary>
public sealed class LocalServer : IAsyncDisposable
{
    public delegate Task Answer(Request request, Stream connection, CancellationToken stopped);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Answer[] _answers;
    private readonly Task _accepting;
    private readonly ConcurrentBag<Task> _connections = [];
    private int _count;

    public LocalServer(params Answer[] answers)
    {
        _answers = answers;
        _listener.Start();
        Address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/"));
        _accepting = AcceptAsync();
    }

    public Uri Address { get; }

    /// <summary>In the order of their coming.</summary>
    public ConcurrentQueue<Request> Requests { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        // While it still listens: accepting from one that has stopped is an error.
        await _accepting;
        _listener.Stop();
        await Task.WhenAll(_connections);
        _stop.Dispose();
    }

    /// <summary>A well-behaved answer: the file, or with <c>Range</c> and a matching <c>If-Range</c> the rest of it.</summary>
    public static Answer File(byte[] content, string etag = "\"1\"") => async (request, connection, stopped) =>
    {
        var from = request.Headers.GetValueOrDefault("If-Range") == etag ? request.From : 0;
        var head = from > 0
            ? $"206 Partial Content\r\nContent-Range: bytes {from}-{content.Length - 1}/{content.Length}"
            : "200 OK";
        await SendAsync(connection, $"{head}\r\nETag: {etag}\r\nContent-Length: {content.Length - from}", content.AsMemory(from), stopped);
    };

    /// <summary>As <see cref="File"/>, but the connection ends after so many bytes of the body.</summary>
    public static Answer Cut(byte[] content, int after, string etag = "\"1\"") => async (request, connection, stopped) =>
    {
        using var whole = new MemoryStream();
        await File(content, etag)(request, whole, stopped);
        var bytes = whole.ToArray();
        await connection.WriteAsync(bytes.AsMemory(0, bytes.AsSpan().IndexOf("\r\n\r\n"u8) + 4 + after), stopped);
    };

    public static Answer Status(string status) => (_, connection, stopped) => SendAsync(connection, $"{status}\r\nContent-Length: 0", default, stopped);

    /// <summary>Reads the request and says nothing more until the client goes away.</summary>
    public static Answer Hang(TaskCompletionSource? asked = null) => async (_, connection, stopped) =>
    {
        asked?.TrySetResult();
        while (await connection.ReadAsync(new byte[1], stopped) > 0)
        {
        }
    };

    public static async Task SendAsync(Stream connection, string head, ReadOnlyMemory<byte> body, CancellationToken stopped)
    {
        await connection.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {head}\r\nConnection: close\r\n\r\n"), stopped);
        await connection.WriteAsync(body, stopped);
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The server was disposed.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var connection = client.GetStream();
                var request = await Request.ReadAsync(connection, _stop.Token);
                Requests.Enqueue(request);
                await _answers[Math.Min(Interlocked.Increment(ref _count), _answers.Length) - 1](request, connection, _stop.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or IOException)
            {
                // The client went away, or the server was disposed.
            }
        }
    }

    public sealed record Request(string Method, string Path, IReadOnlyDictionary<string, string> Headers)
    {
        /// <summary>The first byte asked for.</summary>
        public int From => Headers.TryGetValue("Range", out var range) ? int.Parse(range["bytes=".Length..^1], CultureInfo.InvariantCulture) : 0;

        public static async Task<Request> ReadAsync(Stream connection, CancellationToken stopped)
        {
            var head = new List<byte>();
            var one = new byte[1];
            while (!(head.Count >= 4 && head[^4..] is [(byte)'\r', (byte)'\n', (byte)'\r', (byte)'\n']))
            {
                if (await connection.ReadAsync(one, stopped) == 0) throw new IOException("The client closed before it asked.");
                head.Add(one[0]);
            }
            var lines = Encoding.ASCII.GetString([.. head]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
            var first = lines[0].Split(' ');
            return new Request(first[0], first[1], lines.Skip(1).Select(line => line.Split(": ", 2)).ToDictionary(h => h[0], h => h[1], StringComparer.OrdinalIgnoreCase));
        }
    }
}
