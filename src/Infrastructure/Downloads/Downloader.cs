using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Infrastructure.Storage;

namespace NeuralCapacitance.Infrastructure.Downloads;

/// <summary>
/// Fetches published files. A file is whole and verified, or absent: it is streamed to <c>NAME.partial</c>, continued after an interruption
/// (one of the process too), checked, flushed, renamed. Whoever asks for the same file meanwhile, in whatever process, waits and takes it.
/// </summary>
public sealed partial class Downloader(IHttpClientFactory clients, IOptions<DownloadOptions> options, TimeProvider clock, ILogger<Downloader> logger)
{
    /// <summary>Of the <see cref="IHttpClientFactory"/>: follows no redirects by itself and has no deadline for a whole file.</summary>
    internal const string ClientName = "downloads";

    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    /// <summary>Returns when the file is at <see cref="DownloadRequest.Path"/>. One that is there and right costs a look at its checksum and needs no network.</summary>
    /// <param name="progress">Hears of every megabyte or so, on whatever thread.</param>
    /// <exception cref="DownloadException">It is not there, and cannot be had.</exception>
    /// <exception cref="ArgumentException">The URL is neither https nor on this machine.</exception>
    public async Task FetchAsync(DownloadRequest request, IProgress<DownloadProgress>? progress, CancellationToken cancellationToken)
    {
        if (!HttpFetch.IsAllowed(request.Url)) throw new ArgumentException($"{request.Url} is not fetched; an https URL is needed.", nameof(request));
        try
        {
            // Also from a folder that we may not write to.
            if (await IsThereAsync(request, cancellationToken)) return;
            if (options.Value.Offline) throw Offline(request);
            Directory.CreateDirectory(request.Folder);
            using var held = await FileLock.AcquireAsync(request.Path + ".lock", cancellationToken);
            if (await IsThereAsync(request, cancellationToken)) return;
            await DownloadAsync(request, progress, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DownloadException(request, DownloadFault.Storage, $"writing to '{request.Folder}' failed: {e.Message}", e);
        }
    }

    /// <summary>Whether the file is there and the published one: reads all of it.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    internal static async Task<bool> IsThereAsync(DownloadRequest request, CancellationToken cancellationToken)
        => File.Exists(request.Path) && await MismatchAsync(request, request.Path, cancellationToken) is null;

    internal static DownloadException Offline(DownloadRequest request) => new(request, DownloadFault.Offline, File.Exists(request.Path)
        ? "Downloads:Offline is set, and the file that is there is another one or damaged."
        : "Downloads:Offline is set.");

    private async Task DownloadAsync(DownloadRequest request, IProgress<DownloadProgress>? progress, CancellationToken cancellationToken)
    {
        var partial = new PartialFile(request);
        var fetch = new HttpFetch(clients.CreateClient(ClientName), request, partial, options.Value.StallTimeout, clock);
        var report = new LoggedProgress(request.Name, logger, progress);
        if (partial.Length > 0 && await MismatchAsync(request, partial.Path, cancellationToken) is null)
        {
            partial.Complete();
            return;
        }
        LogStarts(request.Name, request.Url, partial.Length);
        var furthest = partial.Length;
        var (fruitless, restarted) = (0, false);
        while (true)
        {
            try
            {
                await fetch.RunAsync(report, cancellationToken);
            }
            catch (TransientDownloadException e)
            {
                (fruitless, furthest) = partial.Length > furthest ? (0, partial.Length) : (fruitless + 1, furthest);
                if (fruitless >= options.Value.MaxAttempts)
                    throw new DownloadException(request, DownloadFault.Unreachable, $"{e.Message} ({fruitless} attempts in a row brought nothing).", e);
                var pause = PauseAfter(fruitless);
                LogRetry(request.Name, partial.Length, e.Message, pause.TotalSeconds);
                await Task.Delay(pause, clock, cancellationToken);
                continue;
            }
            catch (DownloadException e) when (e.Fault == DownloadFault.Mismatch)
            {
                // Nothing of another file is worth keeping; what came before a refusal may still be continued.
                partial.Discard();
                throw;
            }
            if (await MismatchAsync(request, partial.Path, cancellationToken) is not { } mismatch)
            {
                partial.Complete();
                LogDone(request.Name, request.Path);
                return;
            }
            // Pieces of several answers, some perhaps from before a crash: the whole may be right in one.
            var mayBeRight = partial.IsPieced && !restarted;
            partial.Discard();
            if (!mayBeRight) throw new DownloadException(request, DownloadFault.Mismatch, mismatch);
            LogRestart(request.Name, mismatch);
            restarted = true;
        }
    }

    private TimeSpan PauseAfter(int fruitless)
    {
        var pause = options.Value.RetryPause * Math.Pow(2, Math.Max(0, fruitless - 1));
        return pause < LongestPause ? pause : LongestPause;
    }

    /// <summary>What is wrong with a file; null: nothing.</summary>
    private static async Task<string?> MismatchAsync(DownloadRequest request, string path, CancellationToken cancellationToken)
    {
        var length = new FileInfo(path).Length;
        if (request.Size is { } size && length != size)
            return string.Create(CultureInfo.InvariantCulture, $"{length:N0} bytes came where {size:N0} were expected.");
        var digest = await request.Checksum.DigestOfAsync(path, cancellationToken);
        return request.Checksum.Matches(digest)
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"{length:N0} bytes came, of {request.Checksum.Algorithm.Name} {digest}; {request.Checksum} was expected.");
    }

    [LoggerMessage(2500, LogLevel.Information, "Downloading {Name} from {Url}; {Bytes} bytes are there")]
    private partial void LogStarts(string name, Uri url, long bytes);

    [LoggerMessage(2501, LogLevel.Warning, "Download of {Name} stopped at byte {Bytes}: {Reason}. It goes on in {Seconds} s")]
    private partial void LogRetry(string name, long bytes, string reason, double seconds);

    [LoggerMessage(2502, LogLevel.Warning, "Download of {Name} starts over: {Reason}")]
    private partial void LogRestart(string name, string reason);

    [LoggerMessage(2503, LogLevel.Information, "Downloaded {Name} to {Path}")]
    private partial void LogDone(string name, string path);
}
