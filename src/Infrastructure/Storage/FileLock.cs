using NeuralCapacitance.Infrastructure.Stalls;

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
            Steps.Made();
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
            Steps.Made();
            await Task.Delay(Pause, cancellationToken);
        }
    }

    /// <summary>Does not wait: null where somebody else holds it.</summary>
    /// <param name="path">As for <see cref="Acquire"/>.</param>
    public static IDisposable? TryAcquire(string path) => TryOpen(path, FileMode.OpenOrCreate);

    /// <summary>As <see cref="TryAcquire"/>, of a file that is there: null too where it is not. Whoever has it open for reading holds it.</summary>
    public static IDisposable? TryAcquireExisting(string path)
    {
        try
        {
            return TryOpen(path, FileMode.Open);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Whether an exception says that somebody else holds the file.</summary>
    public static bool IsHeld(IOException exception)
    {
        // On Unix .NET reports EWOULDBLOCK from flock, on Windows ERROR_SHARING_VIOLATION.
        const int wouldBlock = 11;
        const int wouldBlockOnMac = 35;
        const int sharingViolation = unchecked((int)0x80070020);
        return exception.HResult is wouldBlock or wouldBlockOnMac or sharingViolation;
    }

    private static FileStream? TryOpen(string path, FileMode mode)
    {
        try
        {
            return new FileStream(path, mode, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException e) when (IsHeld(e))
        {
            return null;
        }
    }
}
