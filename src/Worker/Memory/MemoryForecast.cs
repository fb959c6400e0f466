namespace NeuralCapacitance.Worker.Memory;

/// <summary>What a trial will need, from steps with few images: a line through two peaks, since activations grow with the batch and all else stays.</summary>
/// <param name="Small">A step of so many images …</param>
/// <param name="SmallPeak">… had this peak, in bytes.</param>
/// <param name="Large">More images.</param>
/// <param name="LargePeak">Their peak.</param>
internal sealed record MemoryForecast(int Small, long SmallPeak, int Large, long LargePeak)
{
    /// <summary>How far the line may be off, as a part of what it says: docs/operations.md. Nothing is refused that could fit within that.</summary>
    public const double Uncertainty = 0.25;

    private double PerImage => Math.Max(0, LargePeak - SmallPeak) / (double)(Large - Small);

    public long Peak(int batch) => LargePeak + (long)(PerImage * (batch - Large));

    /// <summary>The least that it can be.</summary>
    public long LeastPeak(int batch) => batch <= Large ? LargePeak : (long)((1 - Uncertainty) * Peak(batch));

    /// <summary>The most that it can be.</summary>
    public long MostPeak(int batch) => (long)((1 + Uncertainty) * Peak(batch));

    /// <summary>The largest batch that surely fits; 0: none.</summary>
    public int BatchWithin(long limit)
    {
        var batch = 1;
        while (batch < int.MaxValue / 2 && MostPeak(2 * batch) <= limit && PerImage > 0) batch *= 2;
        return MostPeak(batch) <= limit ? batch : 0;
    }
}
