namespace NeuralCapacitance.Worker.Datasets;

/// <summary>
/// Steele, Lea, Flood 2014, "Fast splittable pseudorandom number generators": tiny, and its sequence is fixed by the paper,
/// so that splits and orders stay the same whatever .NET does with <see cref="Random"/>.
/// </summary>
internal struct SplitMix64(ulong state)
{
    private ulong state = state;

    /// <summary>An independent stream for each combination of keys.</summary>
    public static SplitMix64 Of(params ReadOnlySpan<long> keys)
    {
        var mixed = 0UL;
        foreach (var key in keys) mixed = new SplitMix64(mixed ^ (ulong)key).Next();
        return new SplitMix64(mixed);
    }

    public ulong Next()
    {
        state += 0x9E3779B97F4A7C15;
        var z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>Uniform in [0, 1), 53 bits.</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1L << 53));

    /// <summary>Uniform in [low, high).</summary>
    public double NextDouble(double low, double high) => low + ((high - low) * NextDouble());

    /// <summary>Uniform in [0, bound), without bias: Lemire 2019, "Fast random integer generation in an interval".</summary>
    public int NextInt(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        var range = (ulong)bound;
        var high = Math.BigMul(Next(), range, out var low);
        if (low < range)
        {
            var threshold = unchecked(0UL - range) % range;
            while (low < threshold) high = Math.BigMul(Next(), range, out low);
        }
        return (int)high;
    }

    /// <summary>Fisher–Yates, from the last position down.</summary>
    public void Shuffle(Span<int> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = NextInt(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }
}
