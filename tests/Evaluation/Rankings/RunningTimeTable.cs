using NeuralCapacitance.Evaluation.Charts;
using NeuralCapacitance.Evaluation.Curves;
using static NeuralCapacitance.Evaluation.Rankings.Cells;

namespace NeuralCapacitance.Evaluation.Rankings;

/// <summary>What a decision costs against training all candidates to the end, from the seconds recorded with the curves.</summary>
internal static class RunningTimeTable
{
    public static Section? Of(RankingEvaluation evaluation)
    {
        List<TaskTime> times = Times(evaluation);
        return times.Count == 0 ? null : new Section("Running time",
        [
            "Seconds of all candidates one after the other; β_eff is measured once an epoch, training all to the end needs none. Mean over models for the first two columns.",
            "",
            .. Table(
                ["run", "training, s per epoch", "β_eff, s per epoch", "share", "all to the end, s", .. evaluation.Observed.Select(k => Text($"decided after k = {k}, s"))],
                times.Select(t => (IEnumerable<string>)
                [
                    t.Run,
                    Text($"{t.Train / t.Models:0.00}"),
                    Text($"{t.Beta / t.Models:0.000}"),
                    Text($"{100 * t.Beta / t.Train:0.0} %"),
                    Text($"{t.All:0}"),
                    .. evaluation.Observed.Select(k => k < t.Epochs ? Text($"{t.Until(k):0} ({100 * t.Until(k) / t.All:0} %)") : "–"),
                ])),
        ])
        {
            CsvName = "running-time",
            Csv =
            [
                "run,models,epochs,train_seconds_per_epoch,beta_seconds_per_epoch,k,seconds_to_decide,seconds_all",
                .. from t in times
                   from k in evaluation.Observed
                   where k < t.Epochs
                   select string.Join(',', t.Run, Text($"{t.Models}"), Text($"{t.Epochs}"), Csv(t.Train / t.Models), Csv(t.Beta / t.Models), Text($"{k}"), Csv(t.Until(k)), Csv(t.All)),
            ],
            Figures = [Text($"beta_share={times.Average(t => t.Beta / t.Train):0.000}")],
        };
    }

    public static Chart? Plot(RankingEvaluation evaluation)
    {
        List<TaskTime> times = Times(evaluation);
        return times.Count == 0 ? null : new Chart(
            "Seconds until a decision against seconds of training all to the end, per run",
            "seconds of all candidates, to the end",
            "seconds",
            [
                .. evaluation.Observed.Select(k => new Series(
                    Text($"decided after {k} epochs"), [.. times.Where(t => k < t.Epochs).OrderBy(t => t.All).Select(t => (t.All, t.Until(k)))], Lines: false)),
                new Series("all β_eff of these trainings", [.. times.Select(t => (t.All, t.Epochs * t.Beta))], Lines: false),
            ])
        {
            Diagonal = true,
        };
    }

    private static List<TaskTime> Times(RankingEvaluation evaluation)
        => [.. from task in evaluation.Tasks
               let models = task.Run.Models
               where models.All(m => m is { TrainSeconds: > 0, BetaSeconds: not null })
               select new TaskTime(task.Name, models.Count, task.Run.Epochs, models.Sum(Train), models.Sum(m => m.BetaSeconds!.Value))];

    private static double Train(ModelCurves model) => model.TrainSeconds!.Value;

    /// <param name="Train">Seconds of one epoch of all models.</param>
    /// <param name="Beta">Of one β_eff of all models.</param>
    private sealed record TaskTime(string Run, int Models, int Epochs, double Train, double Beta)
    {
        public double All => Epochs * Train;

        public double Until(int epochs) => epochs * (Train + Beta);
    }
}
