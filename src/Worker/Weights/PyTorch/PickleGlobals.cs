namespace NeuralCapacitance.Worker.Weights.PyTorch;

/// <summary>
/// The names that a pickle may use, and what each does here: build a plain value from plain values. Any other name stays a name
/// (<see cref="OpaqueGlobal"/>): nothing is ever imported or called.
/// </summary>
internal static class PickleGlobals
{
    private const int MostDimensions = 64;

    private static readonly Dictionary<(string Module, string Name), object> Known = Build();

    public delegate object? Function(object?[] arguments, Allowance allowance);

    /// <returns>A <see cref="StorageType"/>, a <see cref="Function"/> or an <see cref="OpaqueGlobal"/>.</returns>
    public static object Find(string module, string name) => Known.TryGetValue((module, name), out var known) ? known : new OpaqueGlobal($"{module}.{name}");

    private static Dictionary<(string Module, string Name), object> Build()
    {
        var known = new Dictionary<(string, string), object>
        {
            [("collections", "OrderedDict")] = (Function)OrderedDict,
            [("torch", "Size")] = (Function)((arguments, _) => arguments is [object?[] sizes] ? sizes : throw Wrong("torch.Size")),
            // Without gradients and hooks: before version 0.2.
            [("torch._utils", "_rebuild_tensor")] = (Function)RebuildTensor,
            [("torch._utils", "_rebuild_tensor_v2")] = (Function)RebuildTensor,
            [("torch._utils", "_rebuild_parameter")] = (Function)RebuildParameter,
            [("torch._utils", "_rebuild_parameter_with_state")] = (Function)RebuildParameter,
            [("torch._tensor", "_rebuild_from_type_v2")] = (Function)RebuildSubclass,
            [("torch.nn.parameter", "Parameter")] = (Function)RebuildParameter,
        };
        foreach (var type in StorageType.All)
        {
            known[("torch", type.Name)] = type;
            known[("torch.storage", type.Name)] = type;
        }
        return known;
    }

    /// <summary>Python 3 makes an empty one and adds items; Python 2 passes a list of pairs.</summary>
    private static PickleDict OrderedDict(object?[] arguments, Allowance allowance)
    {
        var dict = new PickleDict();
        if (arguments is [List<object?> pairs])
        {
            allowance.Charge(64L * pairs.Count);
            foreach (var pair in pairs)
            {
                var (key, value) = pair switch
                {
                    object?[] and [var k, var v] => (k, v),
                    List<object?> and [var k, var v] => (k, v),
                    _ => throw Wrong("collections.OrderedDict"),
                };
                dict.Add(key, value);
            }
        }
        else if (arguments.Length > 0)
        {
            throw Wrong("collections.OrderedDict");
        }
        return dict;
    }

    private static object RebuildTensor(object?[] arguments, Allowance allowance)
    {
        if (arguments is [OpaqueValue, ..])
        {
            return new OpaqueValue("torch._utils._rebuild_tensor");
        }
        if (arguments is not [StorageReference storage, long offset, object?[] sizes, object?[] steps, ..]
            || sizes.Length != steps.Length || sizes.Length > MostDimensions || offset < 0)
        {
            throw Wrong("torch._utils._rebuild_tensor");
        }
        allowance.Charge(16L * sizes.Length);
        var tensor = new TensorReference(storage, offset, Whole(sizes), Whole(steps));
        var count = Product(tensor.Shape);
        var last = count == 0 ? offset : offset + Enumerable.Range(0, sizes.Length).Aggregate((Int128)0, (sum, i) => sum + ((Int128)(tensor.Shape[i] - 1) * tensor.Strides[i]));
        if (count > 0 && last >= storage.Count)
        {
            throw new InvalidDataException(
                $"a tensor of shape [{string.Join(", ", tensor.Shape)}] reaches to element {last} of storage '{storage.Key}', which has {storage.Count}");
        }
        return count <= storage.Count
            ? tensor
            : throw new InvalidDataException(
                $"a tensor of shape [{string.Join(", ", tensor.Shape)}] repeats the {storage.Count} elements of storage '{storage.Key}'; save it after .contiguous()");
    }

    private static Int128 Product(long[] shape)
    {
        Int128 product = 1;
        foreach (var size in shape)
        {
            product = size == 0 ? 0 : product * size;
            if (product > long.MaxValue)
            {
                throw new InvalidDataException($"a tensor has an impossible shape [{string.Join(", ", shape)}]");
            }
        }
        return product;
    }

    private static object RebuildParameter(object?[] arguments, Allowance allowance)
        => arguments is [TensorReference or OpaqueValue, ..] ? arguments[0]! : throw Wrong("torch._utils._rebuild_parameter");

    /// <summary>A tensor with attributes of its own, or of a subclass: the function that makes the plain one, the class, that function's arguments, the attributes.</summary>
    private static object RebuildSubclass(object?[] arguments, Allowance allowance) => arguments switch
    {
        [Function function, _, object?[] inner, ..] when function != RebuildSubclass => function(inner, allowance)!,
        [OpaqueGlobal function, _, object?[], ..] => new OpaqueValue(function.Name),
        _ => throw Wrong("torch._tensor._rebuild_from_type_v2"),
    };

    private static long[] Whole(object?[] values)
        => [.. values.Select(value => value is long number and >= 0 ? number : throw Wrong("torch._utils._rebuild_tensor"))];

    private static InvalidDataException Wrong(string name) => new($"its pickle gives {name} what it does not take");
}
