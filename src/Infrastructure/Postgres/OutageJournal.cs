namespace NeuralCapacitance.Infrastructure.Postgres;

/// <summary>What is known of an outage of the database. Everybody who meets it notes it here instead of logging it; <see cref="OutageWatch"/> says when it begins and ends.</summary>
public sealed class OutageJournal
{
    private readonly Lock _gate = new();
    private TaskCompletionSource<string> _next = New();
    private bool _isOpen;
    private long _notes;

    /// <summary>It goes on, as far as anybody knows.</summary>
    public bool IsOpen
    {
        get
        {
            lock (_gate) return _isOpen;
        }
    }

    /// <param name="exception">For which <see cref="OutageRetry.Passes"/> holds.</param>
    public void Note(Exception exception) => Note(exception.GetBaseException().Message);

    public void Note(string reason)
    {
        lock (_gate)
        {
            _notes++;
            if (_isOpen) return;
            _isOpen = true;
            _next.TrySetResult(reason);
        }
    }

    /// <returns>Why the next outage, or one that goes on, was noted first.</returns>
    internal Task<string> NextAsync(CancellationToken cancellationToken)
    {
        lock (_gate) return _next.Task.WaitAsync(cancellationToken);
    }

    /// <returns>How often it was noted.</returns>
    public long Close()
    {
        lock (_gate)
        {
            var notes = _notes;
            (_isOpen, _notes, _next) = (false, 0, New());
            return notes;
        }
    }

    private static TaskCompletionSource<string> New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
