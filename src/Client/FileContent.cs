using System.Net;
using System.Net.Http.Headers;

namespace NeuralCapacitance.Client;

/// <summary>A file as a body that tells how far it is.</summary>
internal sealed class FileContent : HttpContent
{
    private const int BufferBytes = 1 << 16;

    private readonly FileInfo _file;
    private readonly IProgress<long>? _progress;

    public FileContent(FileInfo file, IProgress<long>? progress)
    {
        (_file, _progress) = (file, progress);
        Headers.ContentType = new MediaTypeHeaderValue("application/zip");
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await using var from = _file.OpenRead();
        var buffer = new byte[BufferBytes];
        long sent = 0;
        for (var read = await from.ReadAsync(buffer, cancellationToken); read > 0; read = await from.ReadAsync(buffer, cancellationToken))
        {
            await stream.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            _progress?.Report(sent += read);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _file.Length;
        return true;
    }
}
