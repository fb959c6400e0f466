namespace NeuralCapacitance.Worker.Weights.PyTorch;

/// <summary>A dict with tensors under names.</summary>
/// <param name="Path">The keys that lead to it, joined by dots; empty for the outermost.</param>
/// <param name="Tensors">In the order of the file.</param>
/// <param name="Unread">Names of tensors that are not read, and what made them.</param>
internal sealed record FoundDict(string Path, IReadOnlyDictionary<string, TensorReference> Tensors, IReadOnlyDictionary<string, string> Unread);

/// <summary>Every dict of tensors in what a pickle holds, however deep a checkpoint has put it.</summary>
/// <param name="Dicts">At least one.</param>
/// <param name="WholeModel">Class of the first whole model beside them; null: none.</param>
internal sealed record StateDicts(IReadOnlyList<FoundDict> Dicts, string? WholeModel)
{
    private const int Deepest = 8;

    private const int LongestKey = 200;

    /// <exception cref="InvalidDataException">None.</exception>
    public static StateDicts In(object? root)
    {
        var search = new Search();
        search.Visit(root, "", 0);
        if (search.Dicts.Count > 0)
        {
            return new(search.Dicts, search.WholeModel);
        }
        throw new InvalidDataException(search.WholeModel is { } model
            ? $"it holds a whole model, of class '{model}', which is not rebuilt, since that would run the code that the file names; {PyTorchReader.SaveWeights}"
            : root switch
            {
                PickleDict => $"it holds no tensors; {PyTorchReader.SaveWeights}",
                OpaqueValue value => $"it holds what '{value.Class}' makes, which is neither made nor read here; {PyTorchReader.SaveWeights}",
                TensorReference => $"it holds a single tensor without a name; {PyTorchReader.SaveWeights}",
                _ => $"it holds no dict of tensors; {PyTorchReader.SaveWeights}",
            });
    }

    private sealed class Search
    {
        /// <summary>A pickle can hold a thing several times, and itself.</summary>
        private readonly HashSet<object> seen = new(ReferenceEqualityComparer.Instance);

        public List<FoundDict> Dicts { get; } = [];

        public string? WholeModel { get; private set; }

        public void Visit(object? value, string path, int depth)
        {
            if (value is null || depth > Deepest || !seen.Add(value))
            {
                return;
            }
            switch (value)
            {
                case PickleDict dict:
                    VisitDict(dict, path, depth);
                    break;
                case OpaqueValue { IsModule: true } model:
                    WholeModel ??= model.Class;
                    break;
                case OpaqueValue { Items: { } items }:
                    VisitDict(items, path, depth);
                    break;
                case IReadOnlyList<object?> list:
                    for (var i = 0; i < list.Count; i++)
                    {
                        VisitItem(list[i], path, (long)i, depth);
                    }
                    break;
            }
        }

        private void VisitDict(PickleDict dict, string path, int depth)
        {
            var tensors = new Dictionary<string, TensorReference>(StringComparer.Ordinal);
            var unread = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var (key, value) in dict.Items)
            {
                if (key is string name && value is TensorReference { Storage.Type: { IsRead: false } type })
                {
                    unread[name] = $"torch.{type.Name}";
                }
                else if (key is string unreadable && value is OpaqueValue { IsTensor: true } tensor)
                {
                    unread[unreadable] = tensor.Class;
                }
                else if (key is string known && value is TensorReference reference && !tensors.TryAdd(known, reference))
                {
                    throw new InvalidDataException($"tensor '{known}' appears twice");
                }
            }
            if (tensors.Count > 0)
            {
                Dicts.Add(new(path, tensors, unread));
            }
            foreach (var (key, value) in dict.Items)
            {
                VisitItem(value, path, key, depth);
            }
        }

        /// <summary>A path is made only for what can hold something, and no longer than people write keys.</summary>
        private void VisitItem(object? value, string path, object? key, int depth)
        {
            if (value is not (PickleDict or OpaqueValue or List<object?> or object?[]))
            {
                return;
            }
            var step = key switch { string { Length: <= LongestKey } text => text, string text => $"{text[..LongestKey]}…", long number => $"{number}", _ => "?" };
            Visit(value, path.Length == 0 ? step : $"{path}.{step}", depth + 1);
        }
    }
}
