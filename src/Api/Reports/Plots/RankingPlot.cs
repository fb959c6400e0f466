using NeuralCapacitance.Api.Rankings;
using NeuralCapacitance.Domain.Predictors;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace NeuralCapacitance.Api.Reports.Plots;

/// <summary>Each candidate's prediction with its interval, what was last seen in the window, and what it came to.</summary>
internal static class RankingPlot
{
    /// <summary>Null: nobody is ranked, or by scores, which have no interval.</summary>
    public static Plot? Draw(PlotData data)
    {
        var ranked = data.Ranking.Candidates.Where(candidate => candidate is { Rank: not null, PredictedAccuracy: not null }).ToList();
        if (ranked.Count == 0 || data.Ranking.Unit is not PredictionUnit.Accuracy)
        {
            return null;
        }

        var plot = PlotPaper.New("Accuracy, %", "");
        var names = new NumericManual();
        foreach (var (place, candidate) in ranked.Index())
        {
            var (y, colour) = (-place, PlotPaper.ColourOf(data.IndexOf(candidate)));
            names.AddMajor(y, $"{candidate.Rank}. {PlotPaper.Named(candidate.Candidate)}");
            var interval = plot.Add.Line(100 * candidate.IntervalLow!.Value, y, 100 * candidate.IntervalHigh!.Value, y);
            (interval.LineColor, interval.LineWidth) = (colour.WithOpacity(0.45), 7);
            plot.Add.Marker(100 * candidate.PredictedAccuracy!.Value, y, MarkerShape.FilledCircle, 10, colour);
            Mark(plot, candidate.SeenInWindow, y, MarkerShape.OpenCircle);
            Mark(plot, candidate.FinalAccuracy, y, MarkerShape.FilledDiamond);
        }

        plot.Axes.Left.TickGenerator = names;
        plot.Axes.Margins(0.05, 0);
        plot.Axes.SetLimitsY(-ranked.Count + 0.3, 0.7);
        Legend(plot, data.Ranking, ranked);
        return plot;
    }

    private static void Mark(Plot plot, double? accuracy, int y, MarkerShape shape)
    {
        if (accuracy is not { } value)
        {
            return;
        }

        var marker = plot.Add.Marker(100 * value, y, shape, 9, Colors.Black);
        marker.MarkerStyle.LineWidth = 1.5f;
    }

    private static void Legend(Plot plot, RankingResponse ranking, List<RankedCandidateResponse> ranked)
    {
        plot.Legend.ManualItems.Add(Item("predicted, with interval", MarkerShape.FilledCircle, PlotPaper.ColourOf(8)));
        plot.Legend.ManualItems.Add(Item($"seen at epoch {ranking.Window.LastEpoch}", MarkerShape.OpenCircle, Colors.Black));
        if (ranked.Exists(candidate => candidate.FinalAccuracy is not null))
        {
            plot.Legend.ManualItems.Add(Item("final", MarkerShape.FilledDiamond, Colors.Black));
        }

        plot.ShowLegend(Edge.Bottom);
        plot.Legend.Orientation = Orientation.Horizontal;
    }

    internal static LegendItem Item(string text, MarkerShape shape, Color colour) => new()
    {
        LabelText = text, LabelFontName = PlotFont.Family, MarkerShape = shape, MarkerSize = 9, MarkerColor = colour, LineWidth = 0,
    };
}
