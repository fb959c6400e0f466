using Microsoft.Extensions.Options;
using NeuralCapacitance.Domain.Backbones;
using NeuralCapacitance.Infrastructure.Artifacts;
using NeuralCapacitance.Infrastructure.Downloads;
using NeuralCapacitance.Infrastructure.Storage;

namespace NeuralCapacitance.Infrastructure.Weights;

/// <summary>Weights on this node: files of the user's, and published ones in a cache below <c>Storage:Root</c>.</summary>
public sealed class WeightsStore(
    ArtifactStore artifacts, Downloader downloader, IReachability reachability, IOptions<StorageOptions> storage, IOptions<DownloadOptions> downloads) : IWeightsStore
{
    private readonly VerifiedFiles _verified = new();
    private readonly ClientPaths _paths = ClientPaths.Of(storage.Value);

    /// <summary>Holds published weights; deleting it costs nothing but another download.</summary>
    public string Folder { get; } = Path.Combine(storage.Value.AbsoluteRoot, "weights");

    /// <inheritdoc/>
    public string ResolveWeights(string relativePath) => artifacts.ResolveWeights(relativePath);

    /// <inheritdoc/>
    public bool IsCached(PublishedWeights weights) => File.Exists(PathOf(weights));

    /// <inheritdoc/>
    public IReadOnlyList<string?> WhyUnavailable(IReadOnlyList<PublishedWeights> weights)
        // On the pool, so that no caller's context has to wait for itself.
        => Task.Run(() => Task.WhenAll(weights.Select(WhyUnavailableAsync))).GetAwaiter().GetResult();

    /// <summary>Downloads and verifies the file if it is not there, and waits while another worker does.</summary>
    /// <returns>Its path.</returns>
    /// <exception cref="DownloadException">It is not there and cannot be had, or is another file than was published.</exception>
    public async Task<string> FetchAsync(PublishedWeights weights, CancellationToken cancellationToken)
    {
        var request = RequestOf(weights);
        await downloader.FetchAsync(request, progress: null, cancellationToken);
        return request.Path;
    }

    private async Task<string?> WhyUnavailableAsync(PublishedWeights weights) => await FindReasonAsync(weights) is { } reason ? _paths.Tell(reason) : null;

    private async Task<string?> FindReasonAsync(PublishedWeights weights)
    {
        var request = RequestOf(weights);
        try
        {
            if (await _verified.IsThereAsync(request, CancellationToken.None)) return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"'{request.Path}' cannot be read: {e.Message}";
        }
        if (downloads.Value.Offline) return Downloader.Offline(request).Message;
        return await reachability.WhyUnreachableAsync(request.Url, CancellationToken.None) is { } reason
            ? new DownloadException(request, DownloadFault.Unreachable, $"{reason}.").Message
            : null;
    }

    private DownloadRequest RequestOf(PublishedWeights weights) => new() { Url = new Uri(weights.Url), Path = PathOf(weights), Checksum = ChecksumOf(weights) };

    private static Checksum ChecksumOf(PublishedWeights weights) => weights.Sha256 is { } sha256 ? Checksum.Sha256(sha256) : Checksum.Md5(weights.Md5!);

    private string PathOf(PublishedWeights weights) => Path.Combine(Folder, weights.File);
}
