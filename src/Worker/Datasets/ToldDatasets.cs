using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Infrastructure.Storage;

namespace NeuralCapacitance.Worker.Datasets;

/// <summary>What is told of data sets outside this folder names no place of the machine.</summary>
internal sealed class ToldDatasets(ClientPaths paths)
{
    /// <exception cref="DatasetException">As the work throws it, in words for a client.</exception>
    public T Told<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (DatasetException e) when (paths.Tell(e.Message) is var message && !string.Equals(message, e.Message, StringComparison.Ordinal))
        {
            throw e.Told(message);
        }
    }

    public DatasetInfo Of(DatasetInfo info) => info with { Problems = [.. info.Problems.Select(paths.Tell)] };
}
