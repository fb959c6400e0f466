using System.Text.Json;
using NeuralCapacitance.Worker.Probe;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Tests.Probe;

/// <summary>A tiny probe with samples, and the β_eff that tools/goldens_beta.py got for it by building P with autograd.</summary>
/// <param name="FirstAdjacency">|P| of the first sample over all weights, row by row: the Jacobian of ∇W^(l) with δ^(l+1) held fixed.</param>
internal sealed record BetaCase(
    string Name, IReadOnlyList<BetaCaseLayer> Layers, double[][] Features, long[] Labels, double[] FirstAdjacency, BetaEffValues Expected)
{
    public static IReadOnlyList<BetaCase> All { get; } = [.. Golden.Read("beta.json").EnumerateArray().Select(Parse)];

    public static BetaCase Named(string name) => All.Single(c => c.Name == name);

    public BetaEffAccumulator Accumulator() => new([.. Layers.Select(layer => layer.Fold())]);

    public Tensor FeatureTensor(IEnumerable<int> samples) => Rows([.. samples.Select(n => Features[n])]);

    public Tensor LabelTensor(IEnumerable<int> samples) => tensor(samples.Select(n => Labels[n]).ToArray());

    /// <summary>β_eff of all samples, added in the given batches.</summary>
    public BetaEffValues Measure(IEnumerable<int[]> batches)
    {
        using var accumulator = Accumulator();
        foreach (var batch in batches)
        {
            using var scope = NewDisposeScope();
            accumulator.Add(FeatureTensor(batch), LabelTensor(batch));
        }

        return accumulator.Result();
    }

    private static BetaCase Parse(JsonElement json) => new(
        json.GetProperty("name").GetString()!,
        [.. json.GetProperty("layers").EnumerateArray().Select(BetaCaseLayer.Parse)],
        [.. json.GetProperty("features").EnumerateArray().Select(row => row.Numbers())],
        [.. json.GetProperty("labels").EnumerateArray().Select(label => label.GetInt64())],
        json.GetProperty("firstAdjacency").Numbers(),
        new(
            json.GetProperty("absolute").GetDouble(), json.GetProperty("squared").GetDouble(),
            json.GetProperty("perSample").GetDouble(), json.GetProperty("signed").GetDouble()));

    internal static Tensor Rows(double[][] rows) => tensor(rows.SelectMany(row => row).ToArray(), [rows.Length, rows[0].Length]);
}

/// <param name="Norm">Mean, variance, γ, shift; null without batch norm.</param>
internal sealed record BetaCaseLayer(double[][] Weight, double[] Bias, (double[] Mean, double[] Var, double[] Gamma, double[] Shift)? Norm)
{
    public static BetaCaseLayer Parse(JsonElement json) => new(
        [.. json.GetProperty("weight").EnumerateArray().Select(row => row.Numbers())],
        json.GetProperty("bias").Numbers(),
        json.TryGetProperty("mean", out var mean)
            ? (mean.Numbers(), json.GetProperty("var").Numbers(), json.GetProperty("gamma").Numbers(), json.GetProperty("shift").Numbers())
            : null);

    public FoldedLayer Fold() => new(
        BetaCase.Rows(Weight),
        tensor(Bias),
        Norm is { } norm ? new FoldedNorm(tensor(norm.Mean), tensor(norm.Var).add_(1e-5).rsqrt(), tensor(norm.Gamma), tensor(norm.Shift)) : null);
}
