namespace NeuralCapacitance.Worker.Weights.PyTorch;

/// <summary>Finds the tensors in what a pickle holds: a state_dict, or a checkpoint with one state_dict among its values.</summary>
internal static class StateDict
{
    /// <returns>In the order of the file.</returns>
    /// <exception cref="InvalidDataException">None, or more than one that it could be.</exception>
    public static Dictionary<string, TensorReference> Find(object? root)
    {
        if (root is not PickleDict dict)
        {
            throw new InvalidDataException($"it holds no dict of tensors; {PyTorchReader.SaveWeights}");
        }
        List<(string Name, PickleDict Dict)> candidates = HoldsTensors(dict) ? [("", dict)] : [];
        candidates.AddRange(dict.Items.Where(item => item.Value is PickleDict inner && HoldsTensors(inner)).Select(item => (item.Key as string ?? "?", (PickleDict)item.Value!)));
        return candidates switch
        {
            [var only] => Tensors(only.Dict),
            [] => throw new InvalidDataException($"it holds no tensors; {PyTorchReader.SaveWeights}"),
            _ => throw new InvalidDataException(
                $"it holds several state_dicts ({string.Join(", ", candidates.Select(c => c.Name.Length == 0 ? "the outermost" : $"'{c.Name}'"))}); save the one wanted by itself"),
        };
    }

    /// <summary>What a checkpoint's dict has for numbers, by name: a double, or a tensor of one element. Of two with one name the last, as in Python.</summary>
    public static Dictionary<string, object> Figures(object? root)
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
        double or TensorReference { Shape: [] } => value,
        long whole => (double)whole,
        _ => null,
    };

    /// <summary>A single number, as the best accuracy so far, makes no state_dict of the dict that it lies in.</summary>
    private static bool HoldsTensors(PickleDict dict) => dict.Items.Any(item => item is { Key: string, Value: TensorReference { Shape.Length: > 0 } });

    private static Dictionary<string, TensorReference> Tensors(PickleDict dict)
    {
        var tensors = new Dictionary<string, TensorReference>(StringComparer.Ordinal);
        foreach (var (key, value) in dict.Items)
        {
            if (key is string name && value is TensorReference tensor && !tensors.TryAdd(name, tensor))
            {
                throw new InvalidDataException($"tensor '{name}' appears twice");
            }
        }
        return tensors;
    }
}
