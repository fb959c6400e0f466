using Microsoft.Extensions.Options;
using NeuralCapacitance.Infrastructure.Downloads;

namespace NeuralCapacitance.Worker.Datasets.Published;

/// <summary>Gets the files of published data sets from their publishers.</summary>
public sealed class PublishedDownloads(Downloader downloader, IReachability reachability, IOptions<DownloadOptions> options)
{
    /// <summary>Null: the file could be had just now. Otherwise why not, a sentence.</summary>
    internal string? WhyUnavailable(Uri url, CancellationToken cancellationToken)
    {
        if (options.Value.Offline) return "Downloads:Offline is set.";
        // On the pool, so that no caller's context has to wait for itself.
        var reason = Task.Run(() => reachability.WhyUnreachableAsync(url, cancellationToken), cancellationToken).GetAwaiter().GetResult();
        return reason is null ? null : $"{url} cannot be reached: {reason}.";
    }

    /// <summary>Returns when all are in the folder, whole and verified.</summary>
    /// <exception cref="DownloadException">One is not there, and cannot be had.</exception>
    internal void Fetch(IEnumerable<Download> files, string folder, CancellationToken cancellationToken)
    {
        foreach (var file in files)
        {
            var request = new DownloadRequest { Url = new Uri(file.Url), Path = Path.Combine(folder, file.Name), Checksum = Checksum.Md5(file.Md5) };
            Task.Run(() => downloader.FetchAsync(request, progress: null, cancellationToken), cancellationToken).GetAwaiter().GetResult();
        }
    }
}
