namespace NeuralCapacitance.Infrastructure.Caching;

/// <summary>
/// Values that take long to make, the least recently used one dropped first. Who asks for a key while its value is being made waits for
/// that one; a caller who gives up leaves the making to the others. What failed is not kept.
/// </summary>
/// <param name="capacity">Most values that are kept.</param>
public sealed class SharedCache<TKey, TValue>(int capacity)
    where TKey : notnull
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, LinkedListNode<Entry>> _entries = [];

    /// <summary>The least recently used one first.</summary>
    private readonly LinkedList<Entry> _order = new();

    public async Task<TValue> GetAsync(TKey key, Func<Task<TValue>> make, CancellationToken cancellationToken)
    {
        var entry = Find(key, make);
        try
        {
            return await entry.Value.Value.WaitAsync(cancellationToken);
        }
        catch when (entry.HasFailed)
        {
            Drop(entry);
            throw;
        }
    }

    private Entry Find(TKey key, Func<Task<TValue>> make)
    {
        lock (_lock)
        {
            if (_entries.TryGetValue(key, out var node))
            {
                _order.Remove(node);
                if (!node.Value.HasFailed)
                {
                    _order.AddLast(node);
                    return node.Value;
                }
            }
            // On the pool: the first caller must be able to give up even while the value is being computed.
            var entry = new Entry(key, new Lazy<Task<TValue>>(() => Task.Run(make)));
            _entries[key] = _order.AddLast(entry);
            if (_entries.Count > capacity)
            {
                _entries.Remove(_order.First!.Value.Key);
                _order.RemoveFirst();
            }
            return entry;
        }
    }

    private void Drop(Entry entry)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(entry.Key, out var node) || !ReferenceEquals(node.Value, entry)) return;
            _entries.Remove(entry.Key);
            _order.Remove(node);
        }
    }

    private sealed record Entry(TKey Key, Lazy<Task<TValue>> Value)
    {
        public bool HasFailed => Value is { IsValueCreated: true, Value: { IsFaulted: true } or { IsCanceled: true } };
    }
}
