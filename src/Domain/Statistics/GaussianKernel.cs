using System.Numerics;

namespace NeuralCapacitance.Domain.Statistics;

/// <summary>exp(−γ‖x − x'‖²); distances are kept apart, since they serve every γ.</summary>
internal static class GaussianKernel
{
    /// <returns>n×n.</returns>
    public static double[][] SquaredDistances(IReadOnlyList<double[]> rows)
    {
        var distances = Square(rows.Count);
        for (var i = 0; i < rows.Count; i++)
            for (var j = 0; j < i; j++)
                distances[i][j] = distances[j][i] = SquaredDistance(rows[i], rows[j]);
        return distances;
    }

    /// <param name="distances">n×n, symmetric, squared.</param>
    public static double[][] Of(double[][] distances, double gamma)
    {
        var kernel = Square(distances.Length);
        for (var i = 0; i < distances.Length; i++)
        {
            kernel[i][i] = 1;
            for (var j = 0; j < i; j++) kernel[i][j] = kernel[j][i] = Math.Exp(-gamma * distances[i][j]);
        }
        return kernel;
    }

    public static double SquaredDistance(double[] a, double[] b)
    {
        var several = Vector<double>.Zero;
        var i = 0;
        for (; i <= a.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            var difference = new Vector<double>(a, i) - new Vector<double>(b, i);
            several += difference * difference;
        }
        var sum = Vector.Sum(several);
        for (; i < a.Length; i++) sum += (a[i] - b[i]) * (a[i] - b[i]);
        return sum;
    }

    private static double[][] Square(int size) => [.. Enumerable.Range(0, size).Select(_ => new double[size])];
}
