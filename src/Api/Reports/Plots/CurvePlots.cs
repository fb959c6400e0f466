using System.Globalization;
using NeuralCapacitance.Domain.Curves;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace NeuralCapacitance.Api.Reports.Plots;

/// <summary>Mean and range over the repeats, epoch by epoch.</summary>
internal static class CurvePlots
{
    private const double RangeOpacity = 0.18;

    /// <summary>Null: nothing was observed.</summary>
    public static Plot? Accuracy(PlotData data)
        => Draw(data, "Validation accuracy, %", epoch => Scaled(epoch.Accuracy, accuracy => 100 * accuracy), plot => { });

    /// <summary>On a logarithmic scale; what is not above 0 has no place there. Null: there is none.</summary>
    public static Plot? Beta(PlotData data)
        => Draw(data, "β_eff, logarithmic", epoch => epoch.Beta is { Low: > 0 } ? Scaled(epoch.Beta, Math.Log10) : null, LogarithmicTicks);

    private static Spread? Scaled(Spread? spread, Func<double, double> scale) => spread is null ? null : new Spread(scale(spread.Mean), scale(spread.Low), scale(spread.High));

    private static Plot? Draw(PlotData data, string label, Func<ObservedEpoch, Spread?> value, Action<Plot> finish)
    {
        var drawn = data.Curves
            .Select((curve, index) => (Index: index, Points: curve.Epochs.Select(epoch => (epoch.Epoch, Value: value(epoch))).Where(point => point.Value is not null).ToList()))
            .Where(curve => curve.Points.Count > 0).ToList();
        if (drawn.Count == 0)
        {
            return null;
        }

        var plot = PlotPaper.New("Epoch", label);
        foreach (var (index, points) in drawn)
        {
            if (points.Exists(point => point.Value!.High > point.Value.Low))
            {
                var range = plot.Add.FillY([.. points.Select(p => (double)p.Epoch)], [.. points.Select(p => p.Value!.Low)], [.. points.Select(p => p.Value!.High)]);
                range.FillColor = PlotPaper.ColourOf(index).WithOpacity(RangeOpacity);
                range.LineWidth = 0;
            }

            var line = plot.Add.Scatter(points.Select(p => (double)p.Epoch).ToArray(), points.Select(p => p.Value!.Mean).ToArray(), PlotPaper.ColourOf(index));
            line.LineWidth = 2;
            line.LinePattern = PlotPaper.PatternOf(index);
            line.MarkerSize = points.Count == 1 ? 6 : 0;
        }

        PlotPaper.EpochTicks(plot);
        PlotPaper.Legend(plot, drawn.Select(curve => (curve.Index, data.Spec.Candidates[curve.Index].Name)));
        plot.Axes.Margins(0.02, 0.06);
        finish(plot);
        return plot;
    }

    /// <summary>1, 2 and 5 of each decade; of more than three decades only the 1.</summary>
    private static void LogarithmicTicks(Plot plot)
    {
        plot.Axes.AutoScale();
        var (low, high) = (plot.Axes.GetLimits().Bottom, plot.Axes.GetLimits().Top);
        var ticks = new NumericManual();
        for (var decade = (int)Math.Floor(low); decade <= high; decade++)
        {
            foreach (var digit in high - low > 3 ? new[] { 1 } : [1, 2, 5])
            {
                var value = digit * Math.Pow(10, decade);
                ticks.AddMajor(Math.Log10(value), value.ToString("G3", CultureInfo.InvariantCulture));
            }
        }

        plot.Axes.Left.TickGenerator = ticks;
    }
}
