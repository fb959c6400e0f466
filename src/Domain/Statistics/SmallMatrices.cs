using MathNet.Numerics;

namespace NeuralCapacitance.Domain.Statistics;

/// <summary>How the process computes with matrices.</summary>
public static class SmallMatrices
{
    /// <summary>
    /// On the calling thread alone, for the whole process. No matrix here has more than a few hundred rows, and handing such a one to other threads takes two to three
    /// times as long as computing it; on a busy machine longer.
    /// </summary>
    public static void ComputeOnOneThread() => Control.UseSingleThread();
}
