using Microsoft.Extensions.Options;
using NeuralCapacitance.Infrastructure.Uploads;
using NeuralCapacitance.Worker.Datasets;

namespace NeuralCapacitance.Api.Datasets;

/// <summary>
/// The data sets as they were when somebody last looked. To look, all folders are walked: that is done once for all who ask, anew when an upload has changed something, and
/// in the background when the last look is older than <see cref="DatasetOptions.ListAge"/>. Who asks then is given the last one.
/// </summary>
internal sealed partial class KnownDatasets(
    DatasetNames names, UploadedFolders uploads, IOptions<DatasetOptions> options, TimeProvider clock, ILogger<KnownDatasets> logger)
{
    private readonly Lock _lock = new();
    private Look? _last;
    private Task<Look>? _looking;
    private int _forgotten;

    /// <summary>Sorted by name.</summary>
    public async Task<IReadOnlyList<KnownDataset>> ListAsync(CancellationToken cancellationToken)
    {
        Task<Look> look;
        lock (_lock)
        {
            var isOld = _last is null || clock.GetElapsedTime(_last.At) >= options.Value.ListAge;
            if (isOld)
            {
                var forgotten = _forgotten;
                _looking ??= Task.Run(() => LookNow(forgotten), CancellationToken.None);
            }

            look = _last is { } last && options.Value.ListAge > TimeSpan.Zero ? Task.FromResult(last) : _looking!;
        }

        return (await look.WaitAsync(cancellationToken)).Datasets;
    }

    /// <summary>A data set has come or gone: the next one who asks is told of it.</summary>
    public void Forget()
    {
        lock (_lock)
        {
            // A look that is under way may have missed it.
            _forgotten++;
            (_last, _looking) = (null, null);
        }
    }

    private Look LookNow(int forgotten)
    {
        var at = clock.GetTimestamp();
        Look? look = null;
        try
        {
            return look = new([.. names.List().Select(dataset => new KnownDataset(DatasetSummary.Of(dataset, uploads), uploads.Read(dataset.Info.Spec))).OrderBy(dataset => dataset.Summary.Name, StringComparer.Ordinal)], at);
        }
        catch (Exception e)
        {
            LogNotListed(e);
            throw;
        }
        finally
        {
            lock (_lock)
            {
                if (forgotten == _forgotten) (_last, _looking) = (look ?? _last, null);
            }
        }
    }

    [LoggerMessage(1911, LogLevel.Warning, "The data sets could not be listed; those of before are told")]
    private partial void LogNotListed(Exception exception);

    private sealed record Look(IReadOnlyList<KnownDataset> Datasets, long At);
}

/// <param name="Upload">What was uploaded that it reads; null: it lies in a data root, and is everybody's.</param>
internal sealed record KnownDataset(DatasetSummary Summary, UploadedDataset? Upload);
