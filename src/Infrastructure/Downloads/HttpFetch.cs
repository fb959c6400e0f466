using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using NeuralCapacitance.Infrastructure.Stalls;

namespace NeuralCapacitance.Infrastructure.Downloads;

/// <summary>This attempt failed; another may succeed.</summary>
internal sealed class TransientDownloadException(string message, Exception? innerException = null) : Exception(message, innerException);

/// <summary>One attempt at a download: asks for what is missing, and appends what comes to the partial file.</summary>
/// <param name="stallTimeout">For the answer to begin, and between any two pieces of it.</param>
internal sealed class HttpFetch(HttpClient client, DownloadRequest request, PartialFile partial, TimeSpan stallTimeout, TimeProvider clock)
{
    private const int BufferSize = 1 << 17;
    private const int MostRedirects = 10;

    /// <summary>Of a file whose size nobody announces: no endless answer fills a disk.</summary>
    private const long MostBytes = 16L << 30;

    private const long ReportEvery = 1 << 20;

    /// <summary>Returns when the server says that the file is whole.</summary>
    /// <exception cref="TransientDownloadException">The connection failed, or the server has an error that may pass.</exception>
    /// <exception cref="DownloadException">The server refuses, or has another file.</exception>
    /// <exception cref="IOException">The disk is full, or something else of the file system.</exception>
    public async Task RunAsync(IProgress<DownloadProgress>? progress, CancellationToken cancellationToken)
    {
        using var stall = new CancellationTokenSource(stallTimeout, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stall.Token);
        try
        {
            using var response = await SendAsync(both.Token);
            var expected = request.Size ?? TotalOf(response);
            RequireSpace(expected - (response.StatusCode == HttpStatusCode.PartialContent ? partial.Length : 0));
            await using var file = response.StatusCode == HttpStatusCode.PartialContent ? partial.Continue() : partial.Begin(response);
            await CopyAsync(response, file, expected, progress, stall, both.Token);
        }
        catch (OperationCanceledException e) when (stall.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TransientDownloadException(
                string.Create(CultureInfo.InvariantCulture, $"nothing came from the server for {stallTimeout.TotalSeconds:0.#} s"), e);
        }
    }

    /// <summary>https anywhere; http only where nobody listens in.</summary>
    internal static bool IsAllowed(Uri url) => url.IsAbsoluteUri && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback));

    private async Task<HttpResponseMessage> SendAsync(CancellationToken cancellationToken)
    {
        var url = request.Url;
        for (var redirects = 0; redirects <= MostRedirects; redirects++)
        {
            if (!IsAllowed(url)) throw Refused($"the server sends us on to {url}; only https is followed.");
            var response = await SendAsync(url, cancellationToken);
            try
            {
                if (RedirectOf(response, url) is not { } next)
                {
                    Require(response);
                    return response;
                }
                url = next;
            }
            catch
            {
                response.Dispose();
                throw;
            }
            response.Dispose();
        }
        throw Refused($"the server sends us on more than {MostRedirects} times.");
    }

    private async Task<HttpResponseMessage> SendAsync(Uri url, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(HttpMethod.Get, url);
        message.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
        if (partial.Version is { } version)
        {
            message.Headers.Range = new RangeHeaderValue(partial.Length, to: null);
            message.Headers.IfRange = version;
        }
        try
        {
            return await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (HttpRequestException e)
        {
            throw new TransientDownloadException(Innermost(e), e);
        }
    }

    private static Uri? RedirectOf(HttpResponseMessage response, Uri url)
        => response.StatusCode is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
            or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect && response.Headers.Location is { } location
            ? new Uri(url, location)
            : null;

    /// <summary>The answer is the file, or the rest of it.</summary>
    private void Require(HttpResponseMessage response)
    {
        var status = response.StatusCode;
        if (status == HttpStatusCode.PartialContent)
        {
            if (response.Content.Headers.ContentRange?.From != partial.Length)
            {
                partial.Discard();
                throw new TransientDownloadException($"the server sent another range ({response.Content.Headers.ContentRange}) than the one asked for");
            }
        }
        else if (status == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            partial.Discard();
            throw new TransientDownloadException("the server has fewer bytes than came before");
        }
        else if (status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests || (int)status >= 500)
        {
            throw new TransientDownloadException($"the server answered {(int)status} ({response.ReasonPhrase})");
        }
        else if (status != HttpStatusCode.OK)
        {
            throw Refused($"the server answered {(int)status} ({response.ReasonPhrase}).");
        }
        if (request.Size is { } size && TotalOf(response) is { } total && total != size)
        {
            throw new DownloadException(request, DownloadFault.Mismatch, string.Create(
                CultureInfo.InvariantCulture, $"the server announces {total:N0} bytes where {size:N0} were expected."));
        }
    }

    private static long? TotalOf(HttpResponseMessage response) => response.StatusCode == HttpStatusCode.PartialContent
        ? response.Content.Headers.ContentRange?.Length
        : response.Content.Headers.ContentLength;

    private void RequireSpace(long? needed)
    {
        var free = new DriveInfo(request.Folder).AvailableFreeSpace;
        if (needed > free)
            throw new IOException(string.Create(CultureInfo.InvariantCulture, $"{needed:N0} bytes are needed, and there is less room."));
    }

    private async Task CopyAsync(
        HttpResponseMessage response, FileStream file, long? expected, IProgress<DownloadProgress>? progress, CancellationTokenSource stall, CancellationToken cancellationToken)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[BufferSize];
        var length = partial.Length;
        var reported = length;
        progress?.Report(new DownloadProgress(length, expected));
        for (int read; (read = await ReadAsync(body, buffer, cancellationToken)) > 0;)
        {
            stall.CancelAfter(stallTimeout);
            Steps.Made();
            if ((length += read) > (expected ?? MostBytes))
            {
                throw new DownloadException(request, DownloadFault.Mismatch, string.Create(
                    CultureInfo.InvariantCulture, $"more than {expected ?? MostBytes:N0} bytes came."));
            }
            await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            if (length - reported < ReportEvery) continue;
            progress?.Report(new DownloadProgress(length, expected));
            reported = length;
        }
        if (length < expected) throw new TransientDownloadException($"the connection ended after {length} of {expected} bytes");
        file.Flush(flushToDisk: true);
        progress?.Report(new DownloadProgress(length, expected));
    }

    /// <summary>Tells a failing network from a failing disk: both are IOExceptions.</summary>
    private static async ValueTask<int> ReadAsync(Stream body, byte[] buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await body.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw new TransientDownloadException($"the connection broke: {Innermost(e)}", e);
        }
    }

    private DownloadException Refused(string reason) => new(request, DownloadFault.Refused, reason);

    private static string Innermost(Exception e) => e.GetBaseException().Message.TrimEnd('.');
}
