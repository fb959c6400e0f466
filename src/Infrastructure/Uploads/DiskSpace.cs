namespace NeuralCapacitance.Infrastructure.Uploads;

/// <summary>What one upload may still write: whatever else fills the disk meanwhile, <paramref name="keepFree"/> bytes of it stay free.</summary>
/// <param name="freeBytes">Free space of the disk of a folder.</param>
internal sealed class DiskSpace(string folder, long keepFree, Func<string, long> freeBytes)
{
    /// <summary>Bytes that are written between two looks.</summary>
    public const int Step = 1 << 24;

    /// <summary>ENOSPC and EDQUOT as .NET reports them on Linux, and Windows' two codes of a full disk.</summary>
    private static readonly int[] FullResults = [28, 122, unchecked((int)0x80070070), unchecked((int)0x80070027)];

    private long _sinceLook;

    public static bool IsFull(IOException e) => FullResults.Contains(e.HResult);

    public static long FreeBytes(string folder) => new DriveInfo(folder).AvailableFreeSpace;

    /// <exception cref="StorageFullException">Fewer bytes than needed would be left free.</exception>
    public void Require(long bytes)
    {
        var free = freeBytes(folder);
        if (free - bytes < keepFree)
        {
            throw new StorageFullException(
                $"The disk has no room for {bytes} bytes more: some of it is kept free (Uploads:KeepFreeBytes). Nothing was kept.",
                $"The disk of '{folder}' has {free} bytes free; {bytes} more were asked for, and {keepFree} are kept free.");
        }
    }

    /// <summary>Before so many bytes are written: looks again after every <see cref="Step"/>.</summary>
    /// <exception cref="StorageFullException">As above.</exception>
    public void Spend(int bytes)
    {
        _sinceLook += bytes;
        if (_sinceLook < Step) return;
        _sinceLook = 0;
        Require(bytes);
    }
}
