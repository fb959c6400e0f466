using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Worker.Probe;
using Spectre.Console;
using static TorchSharp.torch;

namespace NeuralCapacitance.Benchmarks.Beta;

/// <summary>The closed form against autograd, on a probe small enough for the latter.</summary>
internal static class ClosedFormComparison
{
    private const int Features = 32;
    private const int Classes = 10;
    private const int Samples = 16;
    private const int Rounds = 5;

    private static readonly ProbeSpec Spec = new() { Hidden = [16, 12] };

    public static IReadOnlyList<Figure> Run(IAnsiConsole console)
    {
        manual_seed(1);
        using var probe = new NeuralCapacitanceProbe(Features, Spec, Classes);
        Settle(probe);
        var rounds = Enumerable.Range(0, Rounds).Select(_ => Compare(probe)).ToList();
        var error = rounds.Max(r => r.Error);
        var (closed, reference) = (rounds.Select(r => r.ClosedSeconds).Median(), rounds.Select(r => r.ReferenceSeconds).Median());

        console.MarkupLineInterpolated($"Closed form against autograd, probe {Features}-{string.Join('-', Spec.Hidden)}-{Classes}, {Rounds} sets of {Samples} samples:");
        console.MarkupLineInterpolated($"  largest relative difference {error:E1}; {closed * 1e3:F2} ms and {reference * 1e3:F0} ms: {reference / closed:F0} times as fast.");
        return [new("closed_form_error", error), new("closed_form_speedup", reference / closed)];
    }

    /// <summary>β_eff of a new set of samples, both ways.</summary>
    private static (double Error, double ClosedSeconds, double ReferenceSeconds) Compare(NeuralCapacitanceProbe probe)
    {
        using var scope = NewDisposeScope();
        var features = randn(Samples, Features).relu();
        var labels = randint(0, Classes, [Samples], ScalarType.Int64);
        double closed = 0, reference = 0;
        var closedSeconds = Timing.Of(() => closed = Closed(probe, features, labels));
        var referenceSeconds = Timing.Of(() => reference = AutogradAdjacency.BetaEff(probe, features, labels));
        return (Math.Abs(closed - reference) / reference, closedSeconds, referenceSeconds);
    }

    private static double Closed(NeuralCapacitanceProbe probe, Tensor features, Tensor labels)
    {
        using var accumulator = new BetaEffAccumulator(probe);
        accumulator.Add(features, labels);
        return accumulator.Result().Absolute;
    }

    /// <summary>Running statistics other than those of a new probe, as after some training.</summary>
    private static void Settle(NeuralCapacitanceProbe probe)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        probe.train();
        for (var batch = 0; batch < 20; batch++) probe.call(randn(64, Features).relu());
        probe.eval();
    }
}
