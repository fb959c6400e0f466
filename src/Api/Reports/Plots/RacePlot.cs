using System.Globalization;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Races;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace NeuralCapacitance.Api.Reports.Plots;

/// <summary>Who was in the race until which epoch, who was dropped when and how unlikely it was then to be the best, who has won.</summary>
internal static class RacePlot
{
    /// <summary>Null: the job is no race, or no round has been decided.</summary>
    public static Plot? Draw(PlotData data)
    {
        if (data.Spec.Selection.Mode is not SelectionMode.Race || data.Decisions.Count == 0)
        {
            return null;
        }

        var plot = PlotPaper.New("Epoch", "");
        var names = new NumericManual();
        var lasts = data.Decisions.GroupBy(decision => decision.Candidate).ToDictionary(own => own.Key, own => own.Last());
        var order = Enumerable.Range(0, data.Spec.Candidates.Count)
            .OrderByDescending(index => lasts.TryGetValue(index, out var last) && last.IsLeader)
            .ThenByDescending(index => lasts.TryGetValue(index, out var last) && last.Action is not RaceAction.Dropped)
            .ThenByDescending(index => data.EpochsTrained[index]).ToList();
        foreach (var (place, index) in order.Index())
        {
            names.AddMajor(-place, PlotPaper.Named(data.Spec.Candidates[index].Name));
            var trained = plot.Add.Line(0, -place, data.EpochsTrained[index], -place);
            (trained.LineColor, trained.LineWidth) = (PlotPaper.ColourOf(index), 7);
            if (lasts.GetValueOrDefault(index) is { } last)
            {
                var text = plot.Add.Text(Verdict(last), Math.Max(last.Round, data.EpochsTrained[index]), -place);
                text.LabelFontName = PlotFont.Family;
                text.LabelFontSize = 12;
                text.LabelAlignment = Alignment.MiddleLeft;
                text.OffsetX = 8;
            }
        }

        plot.Axes.Left.TickGenerator = names;
        PlotPaper.EpochTicks(plot);
        // Room for the verdicts.
        plot.Axes.SetLimits(0, 1.5 * data.EpochsTrained.Max(), -order.Count + 0.3, 0.7);
        return plot;
    }

    private static string Verdict(RaceDecision decision) => decision switch
    {
        { Action: RaceAction.Dropped } => $"dropped at {decision.Round}: {Best(decision)}",
        { Action: RaceAction.Stopped, IsLeader: true } => $"has won: {Best(decision)}",
        { Action: RaceAction.Stopped } => $"in it to the end: {Best(decision)}",
        _ => $"in the race: {Best(decision)}",
    };

    private static string Best(RaceDecision decision)
        => decision.ProbabilityBest is { } probability ? $"P(best) {(100 * probability).ToString("0.#", CultureInfo.InvariantCulture)} %" : "not judged";
}
