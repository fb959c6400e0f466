using ScottPlot;

namespace NeuralCapacitance.Api.Reports.Plots;

/// <summary>What all plots have alike: paper, font, colours, and a legend beside. They bring their own background, and so look the same on light and dark pages.</summary>
internal static class PlotPaper
{
    private const int LongestName = 30;
    private const float FontSize = 13;

    /// <summary>As on the page: the colour of a candidate goes by its position in the spec.</summary>
    private static readonly Color[] Colours =
        [.. new[] { "#4773c4", "#d9660a", "#2f9a5b", "#c9427a", "#8a63d2", "#a07914", "#1d95a8", "#d1483f", "#7f7f88", "#8d6a4f" }.Select(Color.FromHex)];

    private static readonly LinePattern[] Patterns = [LinePattern.Solid, LinePattern.DenselyDashed, LinePattern.Dotted];

    private static readonly Color Ink = Color.FromHex("#222222");

    public static Color ColourOf(int candidate) => Colours[candidate % Colours.Length];

    public static LinePattern PatternOf(int candidate) => Patterns[candidate / Colours.Length % Patterns.Length];

    public static Plot New(string xLabel, string yLabel)
    {
        _ = PlotFont.Typeface; // registers it
        var plot = new Plot();
        plot.Font.Set(PlotFont.Family);
        plot.FigureBackground.Color = Colors.White;
        plot.DataBackground.Color = Colors.White;
        plot.Axes.Color(Ink);
        plot.Grid.MajorLineColor = Color.FromHex("#e4e4e4");
        plot.XLabel(xLabel, FontSize);
        plot.YLabel(yLabel, FontSize);
        foreach (var axis in plot.Axes.GetAxes())
        {
            axis.Label.FontName = PlotFont.Family;
            axis.Label.Bold = false;
            axis.TickLabelStyle.FontName = PlotFont.Family;
        }

        plot.Legend.FontName = PlotFont.Family;
        plot.Legend.FontSize = FontSize - 1;
        plot.Legend.OutlineWidth = 0;
        plot.Legend.ShadowColor = Colors.Transparent;
        return plot;
    }

    /// <summary>A candidate's name for a legend or a tick.</summary>
    public static string Named(string name)
    {
        var text = PlotFont.Printable(name);
        return text.Length <= LongestName ? text : $"{text[..(LongestName - 1)]}…";
    }

    /// <summary>The candidates' colours, to the right.</summary>
    public static void Legend(Plot plot, IEnumerable<(int Index, string Name)> candidates)
    {
        plot.Legend.ManualItems.AddRange(candidates.Select(candidate => new LegendItem
        {
            LabelText = Named(candidate.Name), LabelFontName = PlotFont.Family, LineColor = ColourOf(candidate.Index), LineWidth = 2, LinePattern = PatternOf(candidate.Index),
        }));
        plot.ShowLegend(Edge.Right);
        plot.Legend.FontName = PlotFont.Family;
    }

    /// <summary>Whole numbers only: there is no epoch between two.</summary>
    public static void EpochTicks(Plot plot) => plot.Axes.Bottom.TickGenerator = new ScottPlot.TickGenerators.NumericAutomatic { IntegerTicksOnly = true };
}
