using FsCheck;
using FsCheck.Fluent;
using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Domain.Races;

namespace NeuralCapacitance.Domain.Tests.Races;

/// <summary>Learning curves that saturate, with jitter, and races over them.</summary>
internal sealed record RaceSample(RaceSettings Settings, CandidateCurves[] Curves, double[] Truth)
{
    public IReadOnlyList<Racer> Racers => [.. Curves.Select((c, i) => new Racer(i, c))];
}

internal static class RaceGen
{
    public const int Epochs = 12;

    public static Gen<RaceSample> Races { get; } =
        from candidates in Gen.Choose(1, 7)
        from finals in Gen.ArrayOf(Gen.Choose(200, 950), candidates)
        from seed in Gen.Choose(0, int.MaxValue)
        from jitter in Gen.Elements(0.0, 0.005, 0.03)
        from repeats in Gen.Choose(1, 2)
        from first in Gen.Choose(2, 5) // from 2 epochs not every predictor can judge
        from predictor in Gen.Elements<string>(RaceSpec.Predictors)
        from dropBelow in Gen.Elements(0, 0.01, 0.2, 0.5)
        from tolerance in Gen.Elements(0, 0.005, 0.1)
        select Sample(
            [.. finals.Select(f => f / 1_000.0)], seed, jitter, repeats,
            new RaceSettings { FirstRound = first, Epochs = Epochs, Predictor = predictor, DropBelow = dropBelow, Tolerance = tolerance, Seed = seed });

    public static RaceSample Sample(double[] finals, int seed, double jitter, int repeats, RaceSettings settings)
    {
        var random = new Random(seed);
        return new RaceSample(settings, Array.ConvertAll(finals, final => new CandidateCurves([.. Enumerable.Range(0, repeats).Select(_ => Curve(final, jitter, settings.Epochs, random))])), finals);
    }

    private static CurvePoint[] Curve(double final, double jitter, int epochs, Random random) =>
    [
        .. Enumerable.Range(0, epochs + 1).Select(epoch => new CurvePoint(
            epoch,
            (1.2 - final) / (1 + epoch),
            Math.Clamp((final * (1 - Math.Exp(-0.5 * epoch) + (0.02 * epoch / epochs))) + (jitter * ((2 * random.NextDouble()) - 1)), 0, 1),
            1_000)),
    ];
}
