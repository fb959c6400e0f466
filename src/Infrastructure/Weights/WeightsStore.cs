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
    private const string Absent = "is not there";

    private readonly VerifiedFiles _verified = new();

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
    /// <exception cref="FileNotFoundException">It has to be converted first; the message says how.</exception>
    /// <exception cref="InvalidDataException">It was converted from another file than was published, or is damaged.</exception>
    public async Task<string> FetchAsync(PublishedWeights weights, CancellationToken cancellationToken)
    {
        if (weights.Format != PublishedWeights.KerasH5)
            await downloader.FetchAsync(RequestOf(weights), progress: null, cancellationToken);
        else if (!IsCached(weights))
            throw new FileNotFoundException(HowToConvert(weights, Absent));
        else if (ConvertedWeights.FaultOf(PathOf(weights), ChecksumOf(weights)) is { } fault)
            throw new InvalidDataException(HowToConvert(weights, fault));
        return PathOf(weights);
    }

    private async Task<string?> WhyUnavailableAsync(PublishedWeights weights)
    {
        var request = RequestOf(weights);
        try
        {
            if (weights.Format == PublishedWeights.KerasH5)
                return (IsCached(weights) ? ConvertedWeights.FaultOf(request.Path, request.Checksum) : Absent) is { } fault ? HowToConvert(weights, fault) : null;
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

    /// <param name="fault">Of the file in the cache; follows its name.</param>
    private string HowToConvert(PublishedWeights weights, string fault)
    {
        var source = Path.GetFileName(weights.Url);
        return $"'{PathOf(weights)}' {fault}. Published is a Keras file, which is converted once: download {weights.Url} ({ChecksumOf(weights)}), "
            + $"run python3 tools/keras_to_safetensors.py {source} {weights.File}, and put the result into '{Folder}'.";
    }

    private DownloadRequest RequestOf(PublishedWeights weights) => new() { Url = new Uri(weights.Url), Path = PathOf(weights), Checksum = ChecksumOf(weights) };

    private static Checksum ChecksumOf(PublishedWeights weights) => weights.Sha256 is { } sha256 ? Checksum.Sha256(sha256) : Checksum.Md5(weights.Md5!);

    private string PathOf(PublishedWeights weights) => Path.Combine(Folder, weights.File);
}
