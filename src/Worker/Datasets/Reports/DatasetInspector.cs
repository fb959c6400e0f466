using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Worker.Datasets.Cache;
using NeuralCapacitance.Worker.Datasets.Kinds;

namespace NeuralCapacitance.Worker.Datasets.Reports;

/// <summary>
/// Looks at every image of a data set, once for each content: what it finds is kept beside the decoded images, in <c>Datasets:CacheRoot</c>.
/// However many ask at once, one process looks once.
/// </summary>
public sealed class DatasetInspector(IOptions<DatasetOptions> options, TimeProvider time, ILogger<DatasetInspector> logger)
{
    /// <summary>A large one takes 10 MB.</summary>
    private const int MostSheets = 100;

    private readonly DatasetKinds kinds = new();
    private readonly ToldDatasets told = new(options.Value.ToldPaths);
    private readonly DatasetContext context = new(options.Value, downloads: null, time, logger); // what is not here is not fetched to be looked at
    private readonly ReportStore sheets = new(Path.Combine(Path.GetFullPath(options.Value.CacheRoot), "contact-sheets"), MostSheets, time, logger);
    private readonly ConcurrentDictionary<string, Lazy<Task<DatasetInspection>>> running = new(StringComparer.Ordinal);

    /// <summary>The task goes on when nobody waits for it any more: the next who asks finds it, or its result.</summary>
    /// <exception cref="DatasetException">The spec names nothing usable.</exception>
    /// <exception cref="IOException">The disk is full, for one.</exception>
    public Task<DatasetInspection> InspectAsync(DatasetSpec spec)
    {
        var key = JsonSerializer.Serialize(spec);
        return running.GetOrAdd(key, _ => new Lazy<Task<DatasetInspection>>(() => Task.Run(() => RunAndForget(key, spec)))).Value;
    }

    /// <summary>PNG, a row of images for each class. As <see cref="InspectAsync"/>, but on the thread of a caller; a drawing that has begun is finished.</summary>
    public byte[] ContactSheetOf(DatasetSpec spec, CancellationToken cancellationToken)
    {
        return told.Told(() =>
        {
            var source = Open(spec, cancellationToken);
            return sheets.Of($"{Inspections.VersionOf(source)}.png", () => ContactSheet.Draw(source, CancellationToken.None));
        });
    }

    /// <summary>The first classes of <see cref="ContactSheetOf"/>, each as a small JPEG in their order.</summary>
    public IReadOnlyList<byte[]> StripsOf(DatasetSpec spec, int most, CancellationToken cancellationToken) => ContactSheet.Rows(ContactSheetOf(spec, cancellationToken), most);

    private DatasetInspection RunAndForget(string key, DatasetSpec spec)
    {
        try
        {
            return told.Told(() => context.Inspections.Of(Open(spec, CancellationToken.None)).Shown);
        }
        finally
        {
            running.TryRemove(key, out _);
        }
    }

    private IImageSource Open(DatasetSpec spec, CancellationToken cancellationToken) => kinds.Of(spec.Name).Open(spec, context, cancellationToken);
}
