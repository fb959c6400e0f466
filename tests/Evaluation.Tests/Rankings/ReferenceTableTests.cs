using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Evaluation.Rankings;

namespace NeuralCapacitance.Evaluation.Tests.Rankings;

/// <summary>
/// The reference table of BETA.md, computed there with scikit-learn: Spearman's ρ of the prediction from k epochs (3, 5, 8) against the
/// true accuracy, averaged over the start epochs 0, 1, 2.
/// </summary>
public sealed class ReferenceTableTests
{
    private const double Tolerance = 0.005;
    private static readonly int[] Observed = [3, 5, 8];

    private static readonly Dictionary<string, Dictionary<string, double[]>> Table = new()
    {
        ["P_s0"] = Cells([.920, .896, .940], [.920, .915, .944], [-.264, -.268, -.032], [.902, .924, .910]),
        ["PN_s0"] = Cells([.773, .837, .880], [.778, .825, .874], [.115, .023, .151], [.780, .792, .881]),
        ["PN_s1"] = Cells([.781, .786, .861], [.779, .783, .810], [.081, -.050, -.206], [.856, .896, .904]),
        ["PNK_s0"] = Cells([.684, .704, .907], [.659, .694, .831], [.230, .346, .308], [.694, .755, .823]),
        ["PN_s2"] = Cells([.798, .854, .830], [.782, .837, .851], [.300, .430, .296], [.894, .927, .889]),
        ["PB_s0"] = Cells([.908, .930, .967], [.923, .961, .980], [.074, -.005, -.031], [.911, .890, .849]),
    };

    [OpenCurvesFact]
    public void Every_cell_is_reproduced()
    {
        var evaluation = Evaluate([.. Table.Values.First().Keys.Select(PredictorCatalogue.Get)], 0, 1, 2);

        evaluation.Tasks.Select(task => task.Name).ShouldBe(Table.Keys, ignoreOrder: true);
        var off = from task in Table
                  from predictor in task.Value
                  from cell in Observed.Zip(predictor.Value)
                  let rho = evaluation.Rho(task.Key, predictor.Key, cell.First)
                  where !(Math.Abs(rho!.Value - cell.Second) <= Tolerance)
                  select $"{task.Key} {predictor.Key} k={cell.First}: {rho:0.0000}, reference {cell.Second:0.000}";
        off.ShouldBeEmpty();
    }

    [OpenCurvesFact]
    public void Predictors_say_honestly_how_often_their_intervals_hold()
    {
        var bootstrap = new Bootstrap([], replicates: 0, seed: 1);

        foreach (var predictor in PredictorCatalogue.All.Where(p => p.Unit == PredictionUnit.Accuracy && !PredictorNames.OfHistory.Append(PredictorNames.Domhan).Contains(p.Name, StringComparer.Ordinal)))
        {
            var held = Evaluate([predictor], [null]).Scores(bootstrap).Select(score => $"{100 * score.Coverage:0} %").ToList();
            predictor.IntervalMeaning.ShouldContain($"{held[0]}, {held[1]} and {held[2]} of the cases");
        }
    }

    private static RankingEvaluation Evaluate(IReadOnlyList<IPredictor> predictors, params int?[] starts)
        => new(RecordedCurves.Tasks(RecordedCurves.Open), predictors, Observed, starts, TimeProvider.System);

    private static Dictionary<string, double[]> Cells(double[] lastSeen, double[] bestSeen, double[] perCandidate, double[] sharedSlope) => new()
    {
        [PredictorNames.LastSeen] = lastSeen,
        [PredictorNames.BestSeen] = bestSeen,
        [PredictorNames.NeuralCapacitancePerCandidate] = perCandidate,
        [PredictorNames.SharedSlope] = sharedSlope,
    };
}
