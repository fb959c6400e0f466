namespace NeuralCapacitance.Infrastructure.Caching;

/// <summary>
/// Values that take long to make, the least recently used one dropped first. Who asks for a key while its value is being made waits for
/// that one; a caller who gives up leaves the making to the others, and the last one to give up ends it. What failed is not kept.
/// </summary>
/// <param name="capacity">Most values that are kept.</param>
public sealed class SharedCache<TKey, TValue>(int capacity)
    where TKey : notnull
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, LinkedListNode<Entry>> _entries = [];

    /// <summary>The least recently used one first.</summary>
    private readonly LinkedList<Entry> _order = new();

    /// <param name="make">Its token is cancelled when nobody waits for the value any more.</param>
    public async Task<TValue> GetAsync(TKey key, Func<CancellationToken, Task<TValue>> make, CancellationToken cancellationToken)
    {
        var entry = Enter(key, make);
        try
        {
            return await entry.Value.WaitAsync(cancellationToken);
        }
        finally
        {
            Leave(entry);
        }
    }

    private Entry Enter(TKey key, Func<CancellationToken, Task<TValue>> make)
    {
        lock (_lock)
        {
            if (_entries.TryGetValue(key, out var node))
            {
                _order.Remove(node);
                if (!node.Value.HasFailed)
                {
                    _order.AddLast(node);
                    node.Value.Waiting++;
                    return node.Value;
                }
            }
            var entry = new Entry(key, make) { Waiting = 1 };
            _entries[key] = _order.AddLast(entry);
            if (_entries.Count > capacity)
            {
                _entries.Remove(_order.First!.Value.Key);
                _order.RemoveFirst();
            }
            return entry;
        }
    }

    private void Leave(Entry entry)
    {
        bool isAbandoned;
        lock (_lock)
        {
            isAbandoned = --entry.Waiting == 0 && !entry.Value.IsCompleted;
            if (isAbandoned || entry.HasFailed) Drop(entry);
        }
        if (isAbandoned) entry.Abandon();
    }

    private void Drop(Entry entry)
    {
        if (!_entries.TryGetValue(entry.Key, out var node) || !ReferenceEquals(node.Value, entry)) return;
        _entries.Remove(entry.Key);
        _order.Remove(node);
    }

    private sealed class Entry
    {
        /// <summary>Without a timer and a handle there is nothing to dispose of.</summary>
        private readonly CancellationTokenSource _abandoned = new();

        public Entry(TKey key, Func<CancellationToken, Task<TValue>> make)
        {
            Key = key;
            // On the pool: the first caller must be able to give up even while the value is being computed.
            Value = Task.Run(() => make(_abandoned.Token));
        }

        public TKey Key { get; }

        public Task<TValue> Value { get; }

        /// <summary>Callers who want it now.</summary>
        public int Waiting { get; set; }

        public bool HasFailed => Value.IsFaulted || Value.IsCanceled;

        public void Abandon() => _abandoned.Cancel();
    }
}
