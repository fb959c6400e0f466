namespace NeuralCapacitance.Infrastructure.Stalls;

/// <summary>
/// Counts whatever this process gets done: a batch, a decoded image, a piece of a download. Whoever watches it sees from outside whether it moves. Waiting for
/// another process to finish counts too: that one is watched itself.
/// </summary>
public static class Steps
{
    private static long made;

    public static long Count => Interlocked.Read(ref made);

    public static void Made() => Interlocked.Increment(ref made);
}
