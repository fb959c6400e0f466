using ScottPlot;

namespace NeuralCapacitance.Api.Reports.Plots;

/// <summary>
/// The paper's picture: accuracy against β_eff, which training drives to 0; there stands the prediction, and beside it what the candidate came to. A predictor that
/// has fitted a line is drawn with it; of others a thin dotted line leads from what was seen to what is predicted.
/// </summary>
internal static class BetaAccuracyPlot
{
    /// <summary>Null: no candidate has both β_eff and a predicted accuracy.</summary>
    public static Plot? Draw(BetaAccuracyResponse picture)
    {
        var drawn = picture.Candidates.Index().Where(c => c.Item.HasPicture)
            .Select(c => (Candidate: c.Item, c.Index, Points: c.Item.Points.Where(point => point.IsUsed).Select(point => new Coordinates(point.BetaEff, 100 * point.Accuracy)).ToArray()))
            .ToList();
        if (drawn.Count == 0)
        {
            return null;
        }

        var plot = PlotPaper.New("β_eff (training drives it to 0)", "Validation accuracy, %");
        var beside = -0.02 * drawn.Max(c => c.Points.Max(p => p.X));
        plot.Add.VerticalLine(0, 1, Colors.Gray);
        foreach (var (candidate, index, points) in drawn)
        {
            var (colour, prediction) = (PlotPaper.ColourOf(index), 100 * candidate.PredictedAccuracy!.Value);
            var seen = plot.Add.ScatterPoints(points, colour);
            (seen.MarkerShape, seen.MarkerSize) = (MarkerShape.FilledSquare, 4);
            var line = Line(plot, candidate, points);
            line.LineColor = colour;
            plot.Add.Marker(0, prediction, MarkerShape.FilledCircle, 10, colour);
            if (candidate.FinalAccuracy is { } final)
            {
                plot.Add.Marker(beside, 100 * final, MarkerShape.FilledDiamond, 10, colour);
            }
        }

        PlotPaper.Legend(plot, drawn.Select(c => (c.Index, c.Candidate.Candidate)));
        plot.Legend.ManualItems.Insert(0, RankingPlot.Item("predicted, at 0", MarkerShape.FilledCircle, Colors.Black));
        plot.Legend.ManualItems.Insert(1, RankingPlot.Item("final, beside it", MarkerShape.FilledDiamond, Colors.Black));
        plot.Axes.Margins(0.04, 0.06);
        return plot;
    }

    private static ScottPlot.Plottables.LinePlot Line(Plot plot, BetaAccuracyCandidate candidate, Coordinates[] points)
    {
        if (candidate is not { Slope: { } slope, Intercept: { } intercept })
        {
            var path = plot.Add.Line(points[^1], new Coordinates(0, 100 * candidate.PredictedAccuracy!.Value));
            (path.LineWidth, path.LinePattern) = (1, LinePattern.Dotted);
            return path;
        }

        var far = points.Max(point => point.X);
        var line = plot.Add.Line(0, 100 * intercept, far, 100 * (intercept + (slope * far)));
        line.LineWidth = 1.5f;
        return line;
    }
}
