using NeuralCapacitance.Infrastructure.Storage;

namespace NeuralCapacitance.Infrastructure.Postgres.Embedded;

/// <summary>Advisory locks on a file (flock). The system drops them when a process dies, so they cannot go stale.</summary>
internal static class FolderLock
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Waits until nobody else holds it.</summary>
    /// <exception cref="IOException">The file cannot be written to.</exception>
    public static async Task<IDisposable> ExclusiveAsync(string file, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TryExclusive(file) is { } taken) return taken;
            await Task.Delay(Pause, cancellationToken);
        }
    }

    /// <summary>Null: somebody else holds it, exclusively or shared.</summary>
    public static IDisposable? TryExclusive(string file) => TryOpen(file, FileShare.None);

    /// <summary>Any number may share it.</summary>
    /// <exception cref="IOException">Somebody holds it exclusively.</exception>
    public static IDisposable Shared(string file) => TryOpen(file, FileShare.ReadWrite)
        ?? throw new IOException($"{file} is locked by another process.");

    /// <summary>Null for no other reason than that it is held. Who waits for a read-only disk to pass waits for ever.</summary>
    private static FileStream? TryOpen(string file, FileShare share)
    {
        try
        {
            return new(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, share);
        }
        catch (IOException e) when (FileLock.IsHeld(e))
        {
            return null;
        }
    }
}
