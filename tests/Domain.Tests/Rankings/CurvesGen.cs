using FsCheck;
using FsCheck.Fluent;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Tests.Predictors;
using NeuralCapacitance.Domain.Trials;

namespace NeuralCapacitance.Domain.Tests.Rankings;

/// <summary>Arbitrary curves, to be put into a job in any order.</summary>
internal sealed record CurvesSample(string Predictor, int? Start, (double Beta, double Accuracy)[][] Curves)
{
    public JobOfCurves Job(int[] order)
    {
        var job = new JobOfCurves { Epochs = 8, Selection = new SelectionSpec { Predictor = Predictor, Start = Start, Mode = SelectionMode.Full } };
        foreach (var m in order) job.With($"c{m}", Curves[m].Length == 0 ? TrialState.Failed : TrialState.Succeeded, Curves[m]);
        return job;
    }
}

internal static class CurvesGen
{
    private static readonly Gen<double> Share = Gen.Choose(0, 1_000).Select(i => i / 1_000.0);

    private static readonly Gen<double> Broken = Gen.Frequency(
        (6, Share), (1, Gen.Elements(double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0, 1e-300, 1e300, double.MaxValue, -1)));

    public static Gen<CurvesSample> Jobs { get; } = Of(Share);

    public static Gen<CurvesSample> BrokenJobs { get; } = Of(Broken);

    private static Gen<CurvesSample> Of(Gen<double> number) =>
        from predictor in Gen.Elements<string>(Quick.Predictors)
        from start in Gen.Elements<int?>(null, 0, 2)
        from candidates in Gen.Choose(1, 6)
        from curves in Gen.ArrayOf(Curve(number), candidates)
        select new CurvesSample(predictor, start, curves);

    private static Gen<(double Beta, double Accuracy)[]> Curve(Gen<double> number) =>
        from epochs in Gen.Choose(0, 8)
        from betas in Gen.ArrayOf(number, epochs)
        from accuracies in Gen.ArrayOf(number, epochs)
        select betas.Zip(accuracies).ToArray();
}
