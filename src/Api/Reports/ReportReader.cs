using NeuralCapacitance.Api.Rankings;
using NeuralCapacitance.Api.Reports.Plots;
using NeuralCapacitance.Domain.Access;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Infrastructure.Caching;
using NeuralCapacitance.Infrastructure.History;
using NeuralCapacitance.Infrastructure.Rankings;

namespace NeuralCapacitance.Api.Reports;

/// <summary>Puts together what reports and plots are made of. A plot is drawn once for a version of the job and its history, and kept while it is asked for.</summary>
internal sealed class ReportReader(RankingReader rankings, OwnRanking own, PredictionGate gate)
{
    /// <summary>A plot takes up to some hundred kilobytes.</summary>
    private const int MostPlots = 64;

    private readonly SharedCache<(Guid Job, long Version, string History, PlotFile File), byte[]?> _plots = new(MostPlots);

    public async Task<JobReport> ReadAsync(Job job, PastJobList history, ReportDatasets datasets, Caller caller, CancellationToken cancellationToken)
    {
        var dataset = datasets.ReadAsync(job.Spec.Dataset, caller, cancellationToken);
        var (ranking, stored, plots) = await DataAsync(job, history, null, cancellationToken);
        return new JobReport(job, ranking, stored, plots, await dataset);
    }

    /// <summary>Null: there is nothing to draw.</summary>
    public Task<byte[]?> PlotAsync(Job job, PastJobList history, PlotFile file, CancellationToken cancellationToken) => _plots.GetAsync(
        (job.Id, job.Version, history.Fingerprint, file),
        async abandoned =>
        {
            var (_, _, plots) = await DataAsync(job, history, null, abandoned);
            using var pass = await gate.EnterAsync(isQuick: true, abandoned);
            return PlotDrawer.Draw(file, plots);
        },
        cancellationToken);

    public async Task<string> WhyNoPlotAsync(Job job, PastJobList history, PlotKind kind, CancellationToken cancellationToken)
        => PlotDrawer.WhyNot(kind, (await DataAsync(job, history, null, cancellationToken)).Plots);

    /// <summary>What the plot of the same name is drawn from, by any selection.</summary>
    public async Task<BetaAccuracyResponse> BetaAccuracyAsync(Job job, PastJobList history, SelectionSpec selection, CancellationToken cancellationToken)
        => (await DataAsync(job, history, selection, cancellationToken)).Plots.BetaAccuracy;

    /// <param name="asked">Null: the job's own.</param>
    private async Task<(RankingResponse Ranking, StoredJob Stored, PlotData Plots)> DataAsync(Job job, PastJobList history, SelectionSpec? asked, CancellationToken cancellationToken)
    {
        var selection = asked ?? await own.SelectionAsync(job, cancellationToken);
        var stored = await rankings.ReadAsync(job, cancellationToken);
        var ranking = await rankings.RankAsync(job, [selection], history, cancellationToken);
        return (ranking, stored, PlotData.Of(job, ranking, stored, selection, cancellationToken));
    }
}
