using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Evaluation.Tasks;
using static NeuralCapacitance.Evaluation.Rankings.Cells;

namespace NeuralCapacitance.Evaluation.Rankings;

/// <summary>The first predictor on each collection of images by itself: a mean over all hides on which one it fails.</summary>
internal static class CollectionTable
{
    private static readonly string[] Seen = [PredictorNames.LastSeen, PredictorNames.BestSeen];

    /// <returns>Null where nothing is known of where images come from.</returns>
    public static Section? Of(RankingEvaluation evaluation, Bootstrap bootstrap)
    {
        string ours = evaluation.Predictors[0].Name;
        string[] seen = [.. Seen.Where(name => evaluation.Predictors.Any(p => p.Name == name))];
        var rows = (from kind in evaluation.Collections
                    from k in evaluation.Observed
                    let score = Score.Of(ours, k, [.. evaluation.Forecasts(ours, k).Where(f => kind.Has(f.Task.Facts))], bootstrap)
                    where score.Tasks > 0
                    select (Kind: kind, Score: score, Seen: seen.Select(p => evaluation.Rho(p, k, kind)).ToList())).ToList();
        if (rows.Count == 0) return null;
        return new Section(Text($"{ours} on each collection of images"),
        [
            "ρ of it and of the seen values on the same tasks; coverage, width and bias of its nominal 90 % intervals; regret of taking its first.",
            "",
            .. Table(
                ["images", "k", "tasks", "ρ", "90 % interval", .. seen.Select(s => $"`{s}`"), "coverage", "width", "bias", "regret"],
                rows.Select(row => (IEnumerable<string>)
                [
                    row.Kind.Name,
                    Text($"{row.Score.Observe}"),
                    Text($"{row.Score.Tasks}"),
                    Show(row.Score.Rho),
                    Show(row.Score.RhoInterval),
                    .. row.Seen.Select(Show),
                    Percent(row.Score.Coverage),
                    Show(row.Score.Width),
                    Signed(row.Score.Bias),
                    Show(row.Score.Top1Regret),
                ])),
        ])
        {
            CsvName = "collections",
            Csv =
            [
                Text($"images,k,tasks,rho,rho_low,rho_high,{string.Join(',', seen)},coverage,interval_width,bias,top1_regret"),
                .. rows.Select(row => string.Join(
                    ',',
                    (string[])
                    [
                        row.Kind.Name, Text($"{row.Score.Observe}"), Text($"{row.Score.Tasks}"), Csv(row.Score.Rho), Csv(row.Score.RhoInterval?.Low), Csv(row.Score.RhoInterval?.High),
                        .. row.Seen.Select(Csv), Csv(row.Score.Coverage), Csv(row.Score.Width), Csv(row.Score.Bias), Csv(row.Score.Top1Regret),
                    ])),
            ],
            Figures =
            [
                .. from row in rows
                   group row.Score.Coverage by row.Kind.Name into collection
                   where collection.Any(c => c is not null)
                   select Text($"coverage_{collection.Key}={collection.Average():0.000}"),
            ],
        };
    }
}
