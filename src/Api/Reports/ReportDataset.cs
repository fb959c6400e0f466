using NeuralCapacitance.Api.Access;
using NeuralCapacitance.Api.Datasets;
using NeuralCapacitance.Domain.Access;
using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Worker.Datasets.Reports;

namespace NeuralCapacitance.Api.Reports;

/// <summary>A job's data set as it lies there now.</summary>
/// <param name="Info">Null: it cannot be read.</param>
/// <param name="Strips">A row of images of each of the first classes.</param>
/// <param name="Reason">Why something is missing.</param>
/// <param name="IsPending">The pictures are being drawn.</param>
internal sealed record ReportDataset(DatasetInfo? Info, IReadOnlyList<byte[]> Strips, string? Reason, bool IsPending);

internal sealed class ReportDatasets(DatasetAccess access, DatasetInspector inspector)
{
    private const int MostClasses = 10;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>What the caller may see of it.</summary>
    public async Task<ReportDataset> ReadAsync(DatasetSpec spec, Caller caller, CancellationToken cancellationToken)
    {
        DatasetInfo? info = null;
        try
        {
            info = access.For(caller).Inspect(spec);
            var strips = await Task.Run(() => inspector.StripsOf(spec, MostClasses, CancellationToken.None), cancellationToken).WaitAsync(Patience, cancellationToken);
            return new ReportDataset(info, strips, Reason: null, IsPending: false);
        }
        catch (TimeoutException)
        {
            return new ReportDataset(info, [], "Its pictures are being drawn: ask for the report again in some seconds.", IsPending: true);
        }
        catch (Exception e) when (e is DatasetException or IOException or UnauthorizedAccessException)
        {
            return new ReportDataset(info, [], $"It cannot be {(info is null ? "looked at" : "drawn")} now: {e.Message}", IsPending: false);
        }
    }
}
