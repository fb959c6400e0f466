namespace NeuralCapacitance.Domain.Lifecycle;

/// <summary>A state was asked to become one that cannot follow it.</summary>
public sealed class InvalidTransitionException(string subject, string from, string to, IReadOnlyList<string> allowed)
    : Exception($"A {from} {subject} cannot become {to}; it can become {(allowed.Count == 0 ? "nothing else: it is final" : string.Join(", ", allowed))}.");

/// <summary>Which state may follow which.</summary>
/// <param name="subject">What has these states, for messages: <c>job</c>.</param>
internal sealed class TransitionTable<TState>(string subject, IReadOnlyDictionary<TState, TState[]> next)
    where TState : struct, Enum
{
    public IReadOnlyList<TState> NextOf(TState state) => next.TryGetValue(state, out var states) ? states : [];

    public bool IsAllowed(TState from, TState to) => NextOf(from).Contains(to);

    /// <exception cref="InvalidTransitionException">The transition is not allowed.</exception>
    public void Guard(TState from, TState to)
    {
        if (!IsAllowed(from, to)) throw new InvalidTransitionException(subject, Word(from), Word(to), [.. NextOf(from).Select(Word)]);
    }

    private static string Word(TState state) => state.ToString().ToLowerInvariant();
}
