namespace NeuralCapacitance.Domain.Curves;

/// <summary>Accuracies of n images are whole multiples of 1/n, so enough of them tell n where a file does not say it.</summary>
public static class Granularity
{
    private const int GreatestCount = 100_000;

    /// <summary>Accuracies are written with at least six digits.</summary>
    private const double Rounding = 1e-6;

    /// <summary>The least n of which all accuracies are multiples, or null where there is none that they could not fit by chance.</summary>
    public static int? CommonCount(IReadOnlyList<double> accuracies)
    {
        double[] known = [.. accuracies.Where(a => a is > 0 and < 1).Distinct()];
        for (int n = 1; n <= GreatestCount && known.Length > 0; n++)
        {
            double slack = (n * Rounding) + 1e-9;
            if (Array.TrueForAll(known, a => Math.Abs((a * n) - Math.Round(a * n)) <= slack))
            {
                return Math.Pow(2 * slack, known.Length) < 1e-6 ? n : null;
            }
        }

        return null;
    }
}
