using NeuralCapacitance.Api.Reports.Plots;
using NeuralCapacitance.Domain.Answers;

namespace NeuralCapacitance.Api.Reports;

internal static class CurveSections
{
    public static IEnumerable<ReportBlock> Of(JobReport report, Func<PlotFile, bool> isDrawn)
    {
        var repeats = report.Job.Spec.Training.Repeats;
        var spread = repeats > 1 ? $" Lines are means over {repeats} repeats, bands go from the least to the greatest." : "";
        yield return new Heading(2, "The curves");
        yield return ReportContent.Plot(report, isDrawn, PlotKind.Curves, $"Validation accuracy after each epoch.{spread}", $"Validation accuracy by epoch. {Last(report)}");
        yield return ReportContent.Plot(
            report, isDrawn, PlotKind.Beta, $"β_eff after each epoch, on a logarithmic scale; it falls towards 0 as training converges.{spread}", "β_eff by epoch, one line per candidate.");
        if (report.Job.Finalizes is null)
        {
            yield return ReportContent.Plot(report, isDrawn, PlotKind.BetaAccuracy, BetaAccuracy(report), "Accuracy against β_eff for each candidate, with its prediction at β_eff = 0.");
        }
    }

    private static string BetaAccuracy(JobReport report)
    {
        var lines = report.Plots.BetaAccuracy.Candidates.Any(candidate => candidate.Slope is not null)
            ? $"Lines are those that `{report.Ranking.Predictor}` has fitted; the prediction is their value at β_eff = 0."
            : $"`{report.Ranking.Predictor}` fits no line of accuracy on β_eff: dotted lines only lead from what was seen to what is predicted.";
        return $"Accuracy against β_eff in the epochs that the prediction looks at, the predicted accuracy at β_eff = 0, and beside it the final one where it is known. {lines}";
    }

    private static string Last(JobReport report) => "Last values: " + string.Join("; ", report.Job.Spec.Candidates.Zip(report.Stored.Curves)
        .Where(c => c.Second.Epochs is [.., { Accuracy: not null }])
        .Select(c => $"{c.First.Name} {Words.Measured(c.Second.Epochs[^1].Accuracy!.Mean)} at epoch {c.Second.Epochs[^1].Epoch}"));
}
