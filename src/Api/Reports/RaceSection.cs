using System.Globalization;
using NeuralCapacitance.Api.Reports.Plots;
using NeuralCapacitance.Domain.Answers;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Races;

namespace NeuralCapacitance.Api.Reports;

/// <summary>Only of a race: who was dropped when and why.</summary>
internal static class RaceSection
{
    public static IEnumerable<ReportBlock> Of(JobReport report, Func<PlotFile, bool> isDrawn)
    {
        if (report.Job.Spec.Selection.Mode is not SelectionMode.Race)
        {
            yield break;
        }

        yield return new Heading(2, "The race");
        yield return ReportContent.Plot(
            report, isDrawn, PlotKind.Race, "How long each candidate was in the race; P(best) is among those that were in it then.", "How long each candidate was in the race; the table below says the same.");
        List<RaceDecision> verdicts = [.. report.Plots.Decisions.GroupBy(decision => decision.Candidate).Select(own => own.Last()).OrderBy(decision => decision.Round)];
        if (verdicts.Count > 0)
        {
            yield return new Table(
                [new Column("Epoch", true), new Column("Candidate"), new Column("Last decision"), new Column("Why")],
                [
                    .. verdicts.Select(verdict => (IReadOnlyList<string>)
                    [
                        verdict.Round.ToString(CultureInfo.InvariantCulture), Words.Quoted(report.Job.Spec.Candidates[verdict.Candidate].Name),
                        verdict is { Action: RaceAction.Stopped, IsLeader: true } ? "has won" : verdict.Action is RaceAction.Stopped ? "in it to the end" : ReportContent.Lower(verdict.Action), verdict.Reason,
                    ]),
                ]);
        }
    }
}
