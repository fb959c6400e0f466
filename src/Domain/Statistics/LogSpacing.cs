namespace NeuralCapacitance.Domain.Statistics;

/// <summary>Thins the epochs of long curves, so that a fit's cost is bounded: a curve moves with the logarithm of its epochs, and its beginning says most per epoch.</summary>
internal static class LogSpacing
{
    /// <summary>Positions of the epochs to keep: all where there are no more than that, else exactly as many, first and last among them, close to evenly spaced in ln(1 + epoch).</summary>
    /// <param name="epochs">Ascending, from 0 on.</param>
    /// <param name="most">At least 2.</param>
    public static int[] Positions(IReadOnlyList<int> epochs, int most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 2);
        if (epochs.Count <= most) return [.. Enumerable.Range(0, epochs.Count)];

        var positions = new int[most];
        var last = epochs.Count - 1;
        for (var k = 1; k < most; k++)
        {
            // The step is what is left to go, evenly divided: dense epochs at the beginning, taken one by one, leave more for the rest.
            var (at, from, left) = (positions[k - 1] + 1, Log(positions[k - 1]), most - k);
            var target = from + ((Log(last) - from) / left);
            while (at < last - left + 1 && Log(at) < target) at++;
            positions[k] = at;
        }
        positions[^1] = last;
        return positions;

        double Log(int position) => Math.Log(1.0 + epochs[position]);
    }
}
