using System.Globalization;
using NeuralCapacitance.Domain.Predictors;

namespace NeuralCapacitance.Domain.Tests.Predictors;

/// <summary>Curves of 15 small backbones in six runs that an independent implementation recorded (../shared/data/curves-open.csv).</summary>
internal sealed record ReferenceRun(string Name, IReadOnlyList<CandidateCurves> Curves, IReadOnlyList<double> Truth)
{
    public const string File = "curves-open.csv";

    public static IReadOnlyList<ReferenceRun> Read()
    {
        var lines = System.IO.File.ReadAllLines(Repository.SharedData(File));
        var header = lines[0].Split(',');
        return [.. lines[1..]
            .Select(line => line.Split(','))
            .Select(cells => new Row(
                cells[Column("run")], cells[Column("model")], (int)Number(cells[Column("epoch")]), Number(cells[Column("val_acc")]),
                cells[Column("test_acc")] is { Length: > 0 } test ? Number(test) : null, Number(cells[Column("beta_A_eval")])))
            .GroupBy(row => row.Run)
            .Select(run => new ReferenceRun(
                run.Key,
                [.. run.GroupBy(row => row.Model).Select(model => Curve(model, validationImages: run.Key is "PB_s0" ? 2_500 : 2_000))],
                [.. run.GroupBy(row => row.Model).Select(model => model.Average(row => row.TestAccuracy)!.Value)]))];

        int Column(string name) => Array.IndexOf(header, name);
    }

    private static CandidateCurves Curve(IEnumerable<Row> rows, int validationImages)
        => new([[.. rows.Select(row => new CurvePoint(row.Epoch, row.BetaEff, row.ValidationAccuracy, validationImages))]]);

    private static double Number(string cell) => double.Parse(cell, CultureInfo.InvariantCulture);

    private sealed record Row(string Run, string Model, int Epoch, double ValidationAccuracy, double? TestAccuracy, double BetaEff);
}
