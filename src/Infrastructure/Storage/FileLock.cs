namespace NeuralCapacitance.Infrastructure.Storage;

/// <summary>Mutual exclusion between threads, processes, and nodes with one file system. The kernel releases it when its holder dies.</summary>
public static class FileLock
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Waits until nobody else holds it.</summary>
    /// <param name="path">A file of its own; it stays, since deleting it would race with those who wait for it.</param>
    /// <returns>Dispose it to release the lock.</returns>
    public static IDisposable Acquire(string path, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TryAcquire(path) is { } held) return held;
            cancellationToken.WaitHandle.WaitOne(Pause);
        }
    }

    /// <inheritdoc cref="Acquire"/>
    public static async Task<IDisposable> AcquireAsync(string path, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TryAcquire(path) is { } held) return held;
            await Task.Delay(Pause, cancellationToken);
        }
    }

    private static FileStream? TryAcquire(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException e) when (IsHeld(e))
        {
            return null;
        }
    }

    /// <summary>On Unix .NET reports EWOULDBLOCK from flock, on Windows ERROR_SHARING_VIOLATION.</summary>
    private static bool IsHeld(IOException e)
    {
        const int wouldBlock = 11;
        const int wouldBlockOnMac = 35;
        const int sharingViolation = unchecked((int)0x80070020);
        return e.HResult is wouldBlock or wouldBlockOnMac or sharingViolation;
    }
}
