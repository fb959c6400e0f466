using NeuralCapacitance.Client.Models;

namespace NeuralCapacitance.Client;

/// <summary>Data sets: what there is, and your own.</summary>
public sealed class DatasetsClient
{
    private const string Datasets = "api/v1/datasets";

    private readonly Transport _transport;

    internal DatasetsClient(Transport transport) => _transport = transport;

    public async Task<IReadOnlyList<Dataset>> ListAsync(CancellationToken cancellationToken = default)
        => (await _transport.ReadAsync<Items<Dataset>>(() => Transport.Get(Datasets), cancellationToken)).List;

    public Task<DatasetDetails> GetAsync(string name, CancellationToken cancellationToken = default)
        => _transport.ReadAsync<DatasetDetails>(() => Transport.Get(PathOf(name)), cancellationToken);

    /// <summary>
    /// Uploads images, one folder per class. A folder is zipped while it is sent. Uploading the same files under the same name again is harmless,
    /// so it is tried again where the connection breaks.
    /// </summary>
    /// <param name="name">a–z, 0–9, <c>-</c>, <c>_</c> and <c>.</c>; at most 64 characters, the first a letter or digit.</param>
    /// <param name="path">A zip file, or a folder; of this hidden files are left out.</param>
    /// <param name="progress">Bytes of files that were sent.</param>
    /// <exception cref="FileNotFoundException">There is neither.</exception>
    /// <exception cref="ServiceException">The archive is refused; reasons are in <see cref="ServiceException.Errors"/>.</exception>
    public async Task<UploadedDataset> UploadAsync(string name, string path, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        var content = ContentOf(path, progress);
        using var response = await _transport.SendAsync(() => Request(name, content()), Timeout.InfiniteTimeSpan, cancellationToken);
        return await Transport.JsonOfAsync<UploadedDataset>(response, cancellationToken);
    }

    /// <summary>Uploads a zip file from a stream. It is sent once: a stream cannot be sent again.</summary>
    public async Task<UploadedDataset> UploadAsync(string name, Stream zip, CancellationToken cancellationToken = default)
    {
        using var response = await _transport.SendAsync(() => Request(name, new StreamContent(zip)), Timeout.InfiniteTimeSpan, cancellationToken, repeat: false);
        return await Transport.JsonOfAsync<UploadedDataset>(response, cancellationToken);
    }

    /// <summary>Deletes an uploaded data set.</summary>
    public async Task DeleteAsync(string name, CancellationToken cancellationToken = default)
        => (await _transport.SendAsync(() => Transport.Delete(PathOf(name)), _transport.Options.RequestTimeout, cancellationToken)).Dispose();

    private static Func<HttpContent> ContentOf(string path, IProgress<long>? progress)
    {
        if (Directory.Exists(path)) return () => new FolderArchive(new DirectoryInfo(path), progress);
        return File.Exists(path)
            ? () => new FileContent(new FileInfo(path), progress)
            : throw new FileNotFoundException($"'{path}' does not exist; a zip file of images, or a folder with one folder per class, would be accepted.", path);
    }

    /// <summary>The service can refuse before it is sent anything large.</summary>
    private static HttpRequestMessage Request(string name, HttpContent content)
    {
        var request = Transport.Post($"{Datasets}{QueryText.Of(("name", name))}", content);
        request.Headers.ExpectContinue = true;
        return request;
    }

    private static string PathOf(string name) => $"{Datasets}/{Uri.EscapeDataString(name)}";
}
