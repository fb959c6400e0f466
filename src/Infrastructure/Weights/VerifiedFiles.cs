using System.Collections.Concurrent;
using NeuralCapacitance.Infrastructure.Downloads;

namespace NeuralCapacitance.Infrastructure.Weights;

/// <summary>Which files were found to be the published ones or not. A file is read once, and again when its length or its time of change is another.</summary>
internal sealed class VerifiedFiles
{
    private readonly ConcurrentDictionary<string, Verdict> _verdicts = new(StringComparer.Ordinal);

    /// <inheritdoc cref="Downloader.IsThereAsync"/>
    public async Task<bool> IsThereAsync(DownloadRequest request, CancellationToken cancellationToken)
    {
        // Before it is read: a change meanwhile is one more reason to read it again.
        var file = new FileInfo(request.Path);
        if (!file.Exists) return false;
        var (length, changed) = (file.Length, file.LastWriteTimeUtc);
        if (_verdicts.TryGetValue(request.Path, out var known) && known.Length == length && known.Changed == changed && known.Checksum == request.Checksum)
            return known.IsRight;
        var isRight = await Downloader.IsThereAsync(request, cancellationToken);
        _verdicts[request.Path] = new(length, changed, request.Checksum, isRight);
        return isRight;
    }

    private sealed record Verdict(long Length, DateTime Changed, Checksum Checksum, bool IsRight);
}
