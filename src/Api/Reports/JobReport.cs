using NeuralCapacitance.Api.Rankings;
using NeuralCapacitance.Api.Reports.Plots;
using NeuralCapacitance.Domain.Jobs;

namespace NeuralCapacitance.Api.Reports;

/// <summary>All that a report is written from.</summary>
/// <param name="Ranking">As the job's own spec asks for it.</param>
internal sealed record JobReport(Job Job, RankingResponse Ranking, StoredJob Stored, PlotData Plots, ReportDataset Dataset);
