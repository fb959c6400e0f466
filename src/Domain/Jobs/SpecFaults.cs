using System.Collections;

namespace NeuralCapacitance.Domain.Jobs;

/// <summary>
/// The first faults of a spec: a document can hold a hundred thousand, and each costs a message. Whoever finds faults one after the other stops where
/// <see cref="IsFull"/> says so. Obstacles make room for faults of the spec itself.
/// </summary>
internal sealed class SpecFaults : IReadOnlyList<SpecFault>
{
    /// <summary>So many are told.</summary>
    public const int Most = 50;

    private readonly List<SpecFault> faults = [];
    private int obstacles;

    public int Count => faults.Count;

    /// <summary>There were more than are told.</summary>
    public bool HasMore { get; private set; }

    /// <summary>There were more than are told, and no further one would be.</summary>
    public bool IsFull => HasMore && obstacles == 0;

    /// <summary>None, or nothing but obstacles.</summary>
    public bool AreObstacles => obstacles == Count;

    public SpecFault this[int index]
    {
        get => faults[index];
        set => faults[index] = value;
    }

    public void Add(SpecFault fault)
    {
        if (Count == Most)
        {
            HasMore = true;
            if (fault.IsObstacle || obstacles == 0) return;
            faults.RemoveAt(faults.FindLastIndex(told => told.IsObstacle));
            obstacles--;
        }
        faults.Add(fault.Shortened());
        if (fault.IsObstacle) obstacles++;
    }

    public void AddRange(IEnumerable<SpecFault> more)
    {
        foreach (var fault in more) Add(fault);
    }

    public bool Exists(Predicate<SpecFault> match) => faults.Exists(match);

    public IEnumerator<SpecFault> GetEnumerator() => faults.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
