namespace NeuralCapacitance.Worker.Datasets.Published;

/// <summary>How much can come out of compressed bytes: what says that it holds more is damaged, and no memory is taken for it.</summary>
internal static class Deflate
{
    /// <summary>zlib, "Maximum Compression Factor": 1032 to 1.</summary>
    private const long MostExpansion = 1_032;

    public static long MostBytesFrom(long compressed) => compressed >= long.MaxValue / MostExpansion ? long.MaxValue : compressed * MostExpansion;
}
