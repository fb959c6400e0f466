namespace NeuralCapacitance.Infrastructure.Uploads;

internal static class DiskSpace
{
    /// <summary>ENOSPC and EDQUOT as .NET reports them on Linux, and Windows' two codes of a full disk.</summary>
    private static readonly int[] FullResults = [28, 122, unchecked((int)0x80070070), unchecked((int)0x80070027)];

    public static bool IsFull(IOException e) => FullResults.Contains(e.HResult);

    /// <exception cref="StorageFullException">Fewer bytes than needed would be left free.</exception>
    public static void Require(string folder, long bytes, long keepFree)
    {
        var free = new DriveInfo(folder).AvailableFreeSpace;
        if (free - bytes < keepFree)
            throw new StorageFullException($"The disk of '{folder}' has {free} bytes free; the data set takes {bytes}, and {keepFree} are kept free (Uploads:KeepFreeBytes).");
    }
}
