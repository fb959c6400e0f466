using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ScottPlot;

namespace NeuralCapacitance.Api.Reports.Plots;

/// <summary>Draws a plot's file.</summary>
internal static partial class PlotDrawer
{
    private const int Width = 860;
    private const int LeastHeight = 420;
    private const int Row = 24;
    private const int Frame = 110;

    /// <summary>Null: there is nothing to draw; <see cref="WhyNot"/> says why.</summary>
    public static byte[]? Draw(PlotFile file, PlotData data)
    {
        using var plot = PlotOf(file.Kind, data);
        if (plot is null)
        {
            return null;
        }

        var rows = data.Spec.Candidates.Count;
        var height = file.Kind is PlotKind.Ranking or PlotKind.Race ? Frame + (Row * rows) : Math.Max(LeastHeight, Frame + ((Row - 4) * rows));
        return file.Format is PlotFormat.Png ? plot.GetImageBytes(Width, height, ImageFormat.Png) : Encoding.UTF8.GetBytes(Portable(plot.GetSvgXml(Width, height)));
    }

    public static string WhyNot(PlotKind kind, PlotData data) => kind switch
    {
        PlotKind.Race when data.Decisions.Count == 0 && data.Spec.Selection.Mode is Domain.Jobs.SelectionMode.Race => "No round of the race has been decided yet.",
        PlotKind.Race => "The job is no race.",
        PlotKind.Curves => "Nothing has been observed yet.",
        PlotKind.Beta => "No β_eff above 0 has been observed.",
        PlotKind.BetaAccuracy => data.BetaAccuracy.Reason ?? "",
        _ when data.Ranking.Unit is Domain.Predictors.PredictionUnit.Score => $"The predictor {data.Ranking.Predictor} gives scores, which are no accuracies.",
        _ => "No candidate has a predicted accuracy.",
    };

    private static Plot? PlotOf(PlotKind kind, PlotData data) => kind switch
    {
        PlotKind.Curves => CurvePlots.Accuracy(data),
        PlotKind.Beta => CurvePlots.Beta(data),
        PlotKind.Ranking => RankingPlot.Draw(data),
        PlotKind.BetaAccuracy => BetaAccuracyPlot.Draw(data.BetaAccuracy),
        PlotKind.Race => RacePlot.Draw(data),
        _ => throw new InvalidOperationException($"Unknown plot {kind}."),
    };

    /// <summary>Text stays text: who lacks the font takes one of the same width, or any without serifs. Paths keep tenths of a pixel; the rest is half of a file.</summary>
    private static string Portable(string svg) => Paths().Replace(
        svg, path => Decimals().Replace(path.Value, number => double.Parse(number.Value, CultureInfo.InvariantCulture).ToString("0.#", CultureInfo.InvariantCulture))).Replace($"font-family=\"{PlotFont.Family}\"", $"font-family=\"{PlotFont.Family}, Verdana, sans-serif\"", StringComparison.Ordinal);

    [GeneratedRegex(" d=\"[^\"]*\"")]
    private static partial Regex Paths();

    [GeneratedRegex(@"\d+\.\d+")]
    private static partial Regex Decimals();
}
