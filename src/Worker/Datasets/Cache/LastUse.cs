namespace NeuralCapacitance.Worker.Datasets.Cache;

/// <summary>When a file was used last, kept as its time of change: those not used for longest go first.</summary>
internal static class LastUse
{
    public static void Note(string path, TimeProvider time)
    {
        try
        {
            File.SetLastWriteTimeUtc(path, time.GetUtcNow().UtcDateTime);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Gone by now, or in a folder that only others may write to: who cannot write here evicts nothing either.
        }
    }
}
