using NeuralCapacitance.Worker.Probe;

namespace NeuralCapacitance.Worker.Tests.Probe;

/// <summary>
/// |P| of one sample, entry by entry in scalar arithmetic straight from the paper's Eq. 7, over Dense layers whose batch norm
/// is part of σ. No tensor, no closed form.
/// </summary>
internal static class ExplicitAdjacency
{
    /// <summary>The full matrix over all weights; the weight (row, column) of layer l sits at Start(l) + row · inputs + column.</summary>
    public static double[,] Of(IReadOnlyList<BetaCaseLayer> layers, double[] features, long label)
    {
        var inputs = new List<double[]>();
        var slopes = new List<double[]>();
        var x = features;
        for (var l = 0; l < layers.Count; l++)
        {
            inputs.Add(x);
            var y = layers[l].Weight.Zip(layers[l].Bias, (row, bias) => row.Zip(x, (w, v) => w * v).Sum() + bias).ToArray();
            if (l == layers.Count - 1)
            {
                x = y;
                break;
            }

            var gains = y.Select((_, i) => layers[l].Norm is { } n ? n.Gamma[i] / Math.Sqrt(n.Var[i] + 1e-5) : 1).ToArray();
            var u = y.Select((v, i) => layers[l].Norm is { } n ? ((v - n.Mean[i]) * gains[i]) + n.Shift[i] : v).ToArray();
            slopes.Add([.. u.Select((v, i) => v > 0 ? gains[i] : 0)]);
            x = [.. u.Select(v => Math.Max(v, 0))];
        }

        return Entries(layers, inputs, slopes, Errors(layers, slopes, logits: x, label));
    }

    public static double BetaEff(double[,] p)
    {
        var count = p.GetLength(0);
        var indices = Enumerable.Range(0, count).ToArray();
        var inDegree = indices.Select(a => indices.Sum(b => p[a, b])).ToArray();
        var outDegree = indices.Select(b => indices.Sum(a => p[a, b])).ToArray();
        return indices.Sum(a => outDegree[a] * inDegree[a]) / (inDegree.Sum() + 1e-12);
    }

    public static double[,] Mean(IReadOnlyList<double[,]> matrices, Func<double, double> f)
    {
        var count = matrices[0].GetLength(0);
        var mean = new double[count, count];
        foreach (var matrix in matrices)
        {
            for (var a = 0; a < count; a++)
            {
                for (var b = 0; b < count; b++)
                    mean[a, b] += f(matrix[a, b]) / matrices.Count;
            }
        }

        return mean;
    }

    /// <summary>q_l = ∂C/∂y_l for each Dense layer.</summary>
    private static double[][] Errors(IReadOnlyList<BetaCaseLayer> layers, List<double[]> slopes, double[] logits, long label)
    {
        var errors = new double[layers.Count][];
        var exponentials = logits.Select(v => Math.Exp(v - logits.Max())).ToArray();
        errors[^1] = [.. exponentials.Select((v, c) => (v / exponentials.Sum()) - (c == label ? 1 : 0))];
        for (var l = layers.Count - 2; l >= 0; l--)
        {
            errors[l] = [.. slopes[l].Select((slope, i) => slope * layers[l + 1].Weight.Select((row, k) => row[i] * errors[l + 1][k]).Sum())];
        }

        return errors;
    }

    private static double[,] Entries(IReadOnlyList<BetaCaseLayer> layers, List<double[]> inputs, List<double[]> slopes, double[][] errors)
    {
        var sizes = layers.Select(layer => layer.Weight.Length * layer.Weight[0].Length).ToArray();
        var p = new double[sizes.Sum(), sizes.Sum()];
        for (var l = 0; l < layers.Count - 1; l++)
        {
            var start = sizes.Take(l).Sum();
            var next = start + sizes[l];
            for (var i = 0; i < slopes[l].Length; i++)
            {
                for (var j = 0; j < inputs[l].Length; j++)
                {
                    for (var k = 0; k < errors[l + 1].Length; k++)
                        p[start + (i * inputs[l].Length) + j, next + (k * slopes[l].Length) + i] = Math.Abs(slopes[l][i] * errors[l + 1][k] * inputs[l][j]);
                }
            }
        }

        return p;
    }
}
