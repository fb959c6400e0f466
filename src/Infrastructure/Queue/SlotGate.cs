namespace NeuralCapacitance.Infrastructure.Queue;

/// <summary>
/// The slots of this process. Hangfire may start its server anew beside a job of the old one, and would then run two trials in a slot: the second waits here.
/// </summary>
internal sealed class SlotGate(int count) : IDisposable
{
    private readonly SemaphoreSlim _free = new(count, count);

    public int Count => count;

    public int Free => _free.CurrentCount;

    /// <returns>Frees the slot when it is disposed.</returns>
    public async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        return new Slot(_free);
    }

    /// <summary>Takes every slot, each as it becomes free, so that nothing runs when this returns, nor afterwards.</summary>
    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        for (var slot = 0; slot < count; slot++) await _free.WaitAsync(cancellationToken);
    }

    public void Dispose() => _free.Dispose();

    private sealed class Slot(SemaphoreSlim free) : IDisposable
    {
        private int _isFreed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isFreed, 1) == 0) free.Release();
        }
    }
}
