namespace NeuralCapacitance.Domain.Statistics;

/// <summary>Logarithm of a density up to a constant; −∞ where it is 0.</summary>
public delegate double LogDensity(ReadOnlySpan<double> at);

/// <summary>
/// Draws from a density by an ensemble of walkers (Goodman and Weare 2010): a walker moves along the line to a walker of the
/// other half, X_j + z(X_k − X_j) with z = ((a − 1)u + 1)²/a, a = 2, and is accepted with probability min(1, z^(d−1) p'/p). No scale has to be
/// chosen: what it does is the same in any linear coordinates.
/// </summary>
public static class EnsembleSampler
{
    private const double Stretch = 2;

    /// <param name="logDensity">May be called with any vector of d numbers.</param>
    /// <param name="start">An even number of walkers, at least 2d, not all in one hyperplane, each where the density is above 0.</param>
    /// <param name="plan">How long.</param>
    /// <param name="seed">The same seed, the same draws.</param>
    /// <exception cref="OperationCanceledException">Asked at every step.</exception>
    /// <exception cref="ArgumentException">Too few or an odd number of walkers, walkers of unequal length, or one where the density is 0.</exception>
    public static EnsembleSample Run(LogDensity logDensity, IReadOnlyList<double[]> start, SamplingPlan plan, int seed, CancellationToken cancellationToken = default)
    {
        var walkers = start.Select(walker => walker.ToArray()).ToArray();
        if (walkers.Length < 2 || walkers.Length % 2 != 0 || walkers.Length < 2 * walkers[0].Length)
            throw new ArgumentException($"{walkers.Length} walkers; an even number is needed, and twice as many as dimensions.", nameof(start));
        if (!Array.TrueForAll(walkers, walker => walker.Length == walkers[0].Length)) throw new ArgumentException("Walkers differ in length.", nameof(start));
        var densities = Array.ConvertAll(walkers, walker => logDensity(walker));
        if (!Array.TrueForAll(densities, double.IsFinite)) throw new ArgumentException("A walker starts where the density is 0.", nameof(start));

        var random = new Random(seed);
        var draws = new List<double[]>();
        var accepted = 0L;
        for (var step = 1; step <= plan.Steps; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            accepted += Move(logDensity, walkers, densities, random);
            if (step > plan.BurnIn && (step - plan.BurnIn) % plan.Thin == 0) draws.AddRange(walkers.Select(walker => walker.ToArray()));
        }
        return new EnsembleSample(draws, plan.Steps == 0 ? 0 : (double)accepted / ((long)plan.Steps * walkers.Length));
    }

    /// <summary>Moves every walker once: each half looks at the other as it stands.</summary>
    private static int Move(LogDensity logDensity, double[][] walkers, double[] densities, Random random)
    {
        var (half, dimensions, accepted) = (walkers.Length / 2, walkers[0].Length, 0);
        Span<double> proposal = new double[dimensions];
        for (var k = 0; k < walkers.Length; k++)
        {
            var other = walkers[(k < half ? half : 0) + random.Next(half)];
            var root = 1 + ((Stretch - 1) * random.NextDouble());
            var z = root * root / Stretch;
            for (var i = 0; i < dimensions; i++) proposal[i] = other[i] + (z * (walkers[k][i] - other[i]));
            var density = logDensity(proposal);
            var threshold = Math.Log(1 - random.NextDouble());
            if (!(((dimensions - 1) * Math.Log(z)) + density - densities[k] >= threshold)) continue;
            proposal.CopyTo(walkers[k]);
            densities[k] = density;
            accepted++;
        }
        return accepted;
    }
}

/// <param name="Steps">Of every walker.</param>
/// <param name="BurnIn">The first so many steps are left out.</param>
/// <param name="Thin">Of the others, every so many-th is kept; at least 1.</param>
public sealed record SamplingPlan(int Steps, int BurnIn, int Thin);

/// <param name="Draws">Walkers of every step that is kept, in order.</param>
/// <param name="AcceptedShare">Of all moves; a healthy ensemble accepts 0.2 to 0.6.</param>
public sealed record EnsembleSample(IReadOnlyList<double[]> Draws, double AcceptedShare);
