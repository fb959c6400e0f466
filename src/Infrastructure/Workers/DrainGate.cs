namespace NeuralCapacitance.Infrastructure.Workers;

/// <summary>Whether this process may take trials. Closed, it takes none, and lets what runs go on.</summary>
internal sealed class DrainGate : IDisposable
{
    private readonly Lock _gate = new();
    private CancellationTokenSource _closing = new();
    private TaskCompletionSource _opening = Opened();

    public bool IsClosed { get; private set; }

    /// <summary>Cancelled when the gate closes.</summary>
    public CancellationToken Closing
    {
        get
        {
            lock (_gate) return _closing.Token;
        }
    }

    /// <returns>Whether that is a change.</returns>
    public bool Set(bool closed)
    {
        CancellationTokenSource? closing = null;
        lock (_gate)
        {
            if (closed == IsClosed) return false;
            IsClosed = closed;
            if (closed)
            {
                _opening = new(TaskCreationOptions.RunContinuationsAsynchronously);
                closing = _closing;
            }
            else
            {
                _closing = new();
                _opening.SetResult();
            }
        }
        closing?.Cancel();
        return true;
    }

    /// <summary>Blocks while the gate is closed: for Hangfire's threads, which know no other way to wait.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public void WaitUntilOpen(CancellationToken cancellationToken)
    {
        Task opening;
        lock (_gate) opening = _opening.Task;
        opening.Wait(cancellationToken);
    }

    public void Dispose() => _closing.Dispose();

    private static TaskCompletionSource Opened()
    {
        var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        source.SetResult();
        return source;
    }
}
