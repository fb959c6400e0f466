using NeuralCapacitance.Infrastructure.Uploads;

namespace NeuralCapacitance.Infrastructure.Storage;

/// <summary>Whether files can be written in a folder; the only way to know is to write one.</summary>
internal static class WritableFolder
{
    /// <summary>Makes the folder, if it can. A full disk is no fault: it may have room again.</summary>
    /// <returns>Why not, in the system's words; null: they can.</returns>
    public static string? FaultOf(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var probe = Path.Combine(folder, $".writable.{Guid.NewGuid():N}.tmp");
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
            return null;
        }
        catch (IOException e) when (DiskSpace.IsFull(e))
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return e.Message.TrimEnd('.');
        }
    }
}
