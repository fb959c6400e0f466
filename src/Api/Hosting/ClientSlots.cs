using NeuralCapacitance.Api.Access;
using NeuralCapacitance.Domain.Access;

namespace NeuralCapacitance.Api.Hosting;

/// <summary>How many may hold something for long at once, in all and of one client, so that one of them leaves room for others.</summary>
internal sealed class ClientSlots(int most, int mostPerClient)
{
    private readonly Dictionary<string, int> _held = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private int _count;

    /// <summary>Whose key it is; without keys, where it comes from.</summary>
    public static string ClientOf(HttpContext context)
        => context.Caller().Owner is var owner && owner != Caller.LocalOwner ? owner : context.Connection.RemoteIpAddress?.ToString() ?? "";

    /// <returns>Gives the slot back when it is disposed of; null: there is none.</returns>
    public IDisposable? TryEnter(string client)
    {
        lock (_gate)
        {
            var own = _held.GetValueOrDefault(client);
            if (_count >= most || own >= mostPerClient) return null;
            _count++;
            _held[client] = own + 1;
            return new Slot(this, client);
        }
    }

    private void Leave(string client)
    {
        lock (_gate)
        {
            _count--;
            if (--_held[client] == 0) _held.Remove(client);
        }
    }

    private sealed class Slot(ClientSlots slots, string client) : IDisposable
    {
        private int _isLeft;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isLeft, 1) == 0) slots.Leave(client);
        }
    }
}
