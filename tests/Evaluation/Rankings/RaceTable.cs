using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Races;
using static NeuralCapacitance.Evaluation.Rankings.Cells;

namespace NeuralCapacitance.Evaluation.Rankings;

/// <summary>Races run again on the recorded curves: whom they would have chosen, and for how many of the epochs.</summary>
internal static class RaceTable
{
    /// <summary>True accuracy that a winner may give away and still count as found.</summary>
    public const double Near = 0.005;

    /// <summary>Epochs before the first round: the product's own, and later ones.</summary>
    private static readonly int[] FirstRounds = [Standard, 3, 5];

    private static int Standard => RaceSpec.FirstRound;

    public static Section? Of(RankingEvaluation evaluation)
    {
        string predictor = evaluation.Predictors[0].Name;
        if (!RaceSpec.Predictors.Contains(predictor, StringComparer.Ordinal)) return null;
        List<Replay> all = [.. from first in FirstRounds
                               from run in evaluation.Tasks
                               where first < run.Run.Epochs
                               from replay in Run(predictor, first, run)
                               select replay];
        if (!all.Exists(r => r.FirstRound == Standard)) return null;
        var rounds = all.GroupBy(r => r.FirstRound).Select(r => (First: r.Key, Replays: r.ToList())).ToList();
        List<Replay> standard = rounds.Single(r => r.First == Standard).Replays;
        return new Section("Races",
        [
            Text($"Replayed with `{predictor}` and the product's bounds (dropped below P(best) {new RaceSpec().DropBelow}, over below an expected regret of {new RaceSpec().Tolerance}). Regret: the best model's true accuracy minus the winner's;")
                + Text($" found: at most {Near} of it. Epochs: of all candidates, as a share of training all to the end."),
            "",
            .. Table(["first round", "found", "mean regret", "greatest", "epochs"], rounds.Select(Summary)),
            "",
            .. Table(
                ["run", .. rounds.Select(r => Text($"first round {r.First}: winner, regret, epochs"))],
                evaluation.Tasks.Select(run => rounds
                    .Select(r => r.Replays.Find(x => x.Run == run) is { } x ? Text($"{x.Winner} {x.Regret:0.000} {100 * x.Share:0} %") : "–")
                    .Prepend(run.Name))),
        ])
        {
            CsvName = "races",
            Csv =
            [
                "run,first_round,rounds,winner,regret,epochs,epochs_in_full,share",
                .. all.Select(r => string.Join(',', r.Run.Name, Text($"{r.FirstRound}"), Text($"{r.Rounds}"), r.Winner, Csv(r.Regret), Text($"{r.Epochs}"), Text($"{r.EpochsInFull}"), Csv(r.Share))),
            ],
            Figures = [Text($"race_within={Mean(standard, Found):0.000}"), Text($"race_epochs={Mean(standard, r => r.Share):0.000}")],
        };
    }

    private static IEnumerable<Replay> Run(string predictor, int first, EvaluationTask run)
    {
        RaceOutcome outcome = RaceReplay.Run(
            new RaceSettings { Predictor = predictor, FirstRound = first, Epochs = run.Run.Epochs }, [.. run.Run.Models.Select(m => m.Curves)]);
        if (outcome is { Winner: { } winner } && outcome.Regret([.. run.Run.Models.Select(m => m.Truth)]) is { } regret)
            yield return new Replay(run, first, outcome.Rounds.Count, run.Run.Models[winner].Model, regret, outcome.EpochsTrained, outcome.EpochsInFull);
    }

    private static IEnumerable<string> Summary((int First, List<Replay> Replays) round) =>
    [
        round.First == Standard ? Text($"{round.First} (the product's default)") : Text($"{round.First}"),
        Percent(Mean(round.Replays, Found)),
        Show(Mean(round.Replays, r => r.Regret)),
        Show(round.Replays.Max(r => r.Regret)),
        Percent(Mean(round.Replays, r => r.Share)),
    ];

    /// <summary>Over repeats, then over tasks.</summary>
    private static double Mean(IEnumerable<Replay> replays, Func<Replay, double> value)
        => replays.GroupBy(r => r.Run.Facts.Task, StringComparer.Ordinal).Average(task => task.Average(value));

    private static double Found(Replay replay) => replay.Regret <= Near ? 1 : 0;

    private sealed record Replay(EvaluationTask Run, int FirstRound, int Rounds, string Winner, double Regret, int Epochs, int EpochsInFull)
    {
        public double Share => (double)Epochs / EpochsInFull;
    }
}
