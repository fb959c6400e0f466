namespace NeuralCapacitance.Worker.Weights.PyTorch;

/// <summary>The numbers that a checkpoint's outermost dict has beside its tensors: its epoch, the best accuracy so far.</summary>
internal static class CheckpointFigures
{
    /// <returns>By name a double, or a tensor of one element. Of two with one name the last, as in Python.</returns>
    public static Dictionary<string, object> In(object? root)
    {
        var figures = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach (var (key, value) in (root as PickleDict)?.Items ?? [])
        {
            if (key is string name && Number(value) is { } number)
            {
                figures[name] = number;
            }
        }
        return figures;
    }

    private static object? Number(object? value) => value switch
    {
        double or TensorReference { Shape: [], Storage.Type.IsRead: true } => value,
        long whole => (double)whole,
        _ => null,
    };
}
