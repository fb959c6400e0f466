using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Races;
using static NeuralCapacitance.Evaluation.Rankings.Cells;

namespace NeuralCapacitance.Evaluation.Rankings;

/// <summary>Races run again on the recorded curves: whom they would have chosen, and for how many of the epochs.</summary>
internal static class RaceTable
{
    /// <summary>True accuracy that a winner may give away and still count as found.</summary>
    public const double Near = 0.005;

    /// <summary>The product's own bounds.</summary>
    private static readonly Bounds Standard = new(RaceSpec.FirstRound, new RaceSpec().DropBelow, new RaceSpec().Tolerance);

    private static readonly Bounds[] Variants =
    [
        Standard, Standard with { FirstRound = 3 }, Standard with { FirstRound = 5 }, Standard with { DropBelow = 0.02 }, Standard with { DropBelow = 0.05 }, Standard with { Tolerance = 0.01 },
    ];

    /// <summary>No race: all are trained to the end, and the last validation accuracy decides. What a race can come up to.</summary>
    private static readonly Bounds NoRace = new(0, 0, 0);

    public static Section? Of(RankingEvaluation evaluation)
    {
        string predictor = evaluation.Predictors[0].Name;
        if (!RaceSpec.Predictors.Contains(predictor, StringComparer.Ordinal)) return null;
        List<Replay> all = [.. from bounds in Variants
                               from run in evaluation.Tasks
                               where bounds.FirstRound < run.Run.Epochs
                               from replay in Run(predictor, bounds, run)
                               select replay];
        if (!all.Exists(r => r.Bounds == Standard)) return null;
        all.AddRange(evaluation.Tasks.Select(ToTheEnd));
        var variants = all.GroupBy(r => r.Bounds).Select(r => (Bounds: r.Key, Replays: r.ToList())).ToList();
        List<Replay> standard = variants.Single(r => r.Bounds == Standard).Replays;
        return new Section("Races",
        [
            Text($"Replayed with `{predictor}`; the product's bounds first. A candidate is dropped below P(best) `dropBelow`, and the race is over below an expected regret of `tolerance`. Regret: the best model's true accuracy minus the winner's;")
                + Text($" found: at most {Near} of it. Epochs: of all candidates, as a share of training all to the end. No race: all trained to the end, the last validation accuracy decides."),
            "",
            .. Table(["first round", "dropBelow", "tolerance", "found", "mean regret", "greatest", "epochs"], variants.Select(Summary)),
            "",
            .. Table(
                ["run", .. variants.Select(v => Text($"{v.Bounds}: winner, regret, epochs"))],
                evaluation.Tasks.Select(run => variants
                    .Select(v => v.Replays.Find(x => x.Run == run) is { } x ? Text($"{x.Winner} {x.Regret:0.000} {100 * x.Share:0} %") : "–")
                    .Prepend(run.Name))),
        ])
        {
            CsvName = "races",
            Csv =
            [
                "run,first_round,drop_below,tolerance,rounds,winner,regret,epochs,epochs_in_full,share",
                .. all.Select(r => string.Join(
                    ',', r.Run.Name, Text($"{r.Bounds.FirstRound}"), Csv(r.Bounds.DropBelow), Csv(r.Bounds.Tolerance), Text($"{r.Rounds}"), r.Winner, Csv(r.Regret), Text($"{r.Epochs}"), Text($"{r.EpochsInFull}"), Csv(r.Share))),
            ],
            Figures = [Text($"race_within={Mean(standard, Found):0.000}"), Text($"race_epochs={Mean(standard, r => r.Share):0.000}")],
        };
    }

    private static IEnumerable<Replay> Run(string predictor, Bounds bounds, EvaluationTask run)
    {
        var settings = new RaceSettings { Predictor = predictor, FirstRound = bounds.FirstRound, Epochs = run.Run.Epochs, DropBelow = bounds.DropBelow, Tolerance = bounds.Tolerance };
        RaceOutcome outcome = RaceReplay.Run(settings, [.. run.Run.Models.Select(m => m.Curves)]);
        if (outcome is { Winner: { } winner } && outcome.Regret([.. run.Run.Models.Select(m => m.Truth)]) is { } regret)
            yield return new Replay(run, bounds, outcome.Rounds.Count, run.Run.Models[winner].Model, regret, outcome.EpochsTrained, outcome.EpochsInFull);
    }

    private static Replay ToTheEnd(EvaluationTask run)
    {
        var models = run.Run.Models;
        var winner = models.MaxBy(m => m.Curves.Repeats.Average(points => points[^1].ValidationAccuracy))!;
        int epochs = models.Sum(m => m.Curves.Repeats.Sum(points => points[^1].Epoch));
        return new Replay(run, NoRace, run.Run.Epochs, winner.Model, models.Max(m => m.Truth) - winner.Truth, epochs, epochs);
    }

    private static IEnumerable<string> Summary((Bounds Bounds, List<Replay> Replays) variant) =>
    [
        .. variant.Bounds == NoRace
            ? ["no race", "–", "–"]
            : new[] { Text($"{variant.Bounds.FirstRound}"), Percent(variant.Bounds.DropBelow), Text($"{variant.Bounds.Tolerance}") },
        Percent(Mean(variant.Replays, Found)),
        Show(Mean(variant.Replays, r => r.Regret)),
        Show(variant.Replays.Max(r => r.Regret)),
        Percent(Mean(variant.Replays, r => r.Share)),
    ];

    /// <summary>Over repeats, then over tasks.</summary>
    private static double Mean(IEnumerable<Replay> replays, Func<Replay, double> value)
        => replays.GroupBy(r => r.Run.Facts.Task, StringComparer.Ordinal).Average(task => task.Average(value));

    private static double Found(Replay replay) => replay.Regret <= Near ? 1 : 0;

    private sealed record Bounds(int FirstRound, double DropBelow, double Tolerance)
    {
        public override string ToString() => this == NoRace ? "no race" : Text($"from {FirstRound}, {Percent(DropBelow)}, {Tolerance}");
    }

    private sealed record Replay(EvaluationTask Run, Bounds Bounds, int Rounds, string Winner, double Regret, int Epochs, int EpochsInFull)
    {
        public double Share => (double)Epochs / EpochsInFull;
    }
}
