namespace NeuralCapacitance.Worker.Weights;

/// <summary>How a file is told that lacks its end, as a download that broke off does.</summary>
internal static class CutOff
{
    /// <param name="length">Bytes that there are.</param>
    /// <param name="whole">Bytes that there should be.</param>
    public static string After(long length, Int128 whole) => $"the file ends after {length} of {whole} bytes: it was cut off, as a download that broke off is; fetch it again";

    /// <summary>Where nothing tells how long it should be.</summary>
    public static string Somewhere(long length) => $"the file ends after {length} bytes, before its own end: it was cut off, as a download that broke off is; fetch it again";
}
