using NeuralCapacitance.Evaluation.Tasks;
using static NeuralCapacitance.Evaluation.Rankings.Cells;

namespace NeuralCapacitance.Evaluation.Rankings;

/// <summary>Every predictor on every run.</summary>
internal static class TaskTable
{
    public static Section Of(RankingEvaluation evaluation) => new("Spearman's ρ per run", [.. Markdown(evaluation)])
    {
        CsvName = "runs",
        Csv =
        [
            "run,task,images,source,epochs,aside,predictor,k,rho,weighted_tau,top1_regret,coverage,interval_width,bias",
            .. from run in evaluation.Tasks from predictor in evaluation.Predictors from k in evaluation.Observed select Line(evaluation, run, predictor.Name, k),
        ],
    };

    private static IEnumerable<string> Markdown(RankingEvaluation evaluation)
    {
        var answering = evaluation.Predictors.Select(p => p.Name).Where(p => evaluation.Answers(p, TaskKind.Every)).ToList();
        string observed = string.Join('/', evaluation.Observed);
        return Table(
            [Text($"run (k = {observed})"), "images", "source", "epochs", .. answering.Select(p => $"`{p}`")],
            evaluation.Tasks.Select(run => (IEnumerable<string>)
            [
                run.Facts.IsAside ? $"{run.Name} (aside)" : run.Name,
                run.Facts.Images is { } images ? Text($"{images}") : "–",
                run.Facts.Source ?? "–",
                Text($"{run.Run.Epochs}"),
                .. answering.Select(p => string.Join('/', evaluation.Observed.Select(k => Show(evaluation.Rho(run.Name, p, k))))),
            ]));
    }

    private static string Line(RankingEvaluation evaluation, EvaluationTask run, string predictor, int observe)
    {
        var score = Score.Of(predictor, observe, [.. evaluation.Forecasts(predictor, observe).Where(f => f.Task.Name == run.Name)], Bootstrap.None);
        return string.Join(
            ',',
            run.Name,
            run.Facts.Task,
            Csv(run.Facts.Images),
            run.Facts.Source ?? "",
            Text($"{run.Run.Epochs}"),
            run.Facts.IsAside ? "yes" : "no",
            predictor,
            Text($"{observe}"),
            Csv(score.Rho),
            Csv(score.WeightedTau),
            Csv(score.Top1Regret),
            Csv(score.Coverage),
            Csv(score.Width),
            Csv(score.Bias));
    }
}
