using System.Runtime.ExceptionServices;
using NeuralCapacitance.Infrastructure.Stalls;

namespace NeuralCapacitance.Worker.Datasets;

/// <summary>Work on many images at once.</summary>
internal static class EachImage
{
    /// <summary>Calls <paramref name="work"/> with 0 … <paramref name="count"/> − 1. Where it fails, the first failure comes out as it was thrown, as from a loop.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static void Do(int count, int threads, Action<int> work, CancellationToken cancellationToken)
    {
        try
        {
            Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken }, Step);
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }

        void Step(int index)
        {
            work(index);
            Steps.Made();
        }
    }
}
