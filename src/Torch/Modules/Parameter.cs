using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>A leaf tensor that a module learns. Belongs to its dispose scope until a module registers it, and to that module from then on.</summary>
public sealed class Parameter : Tensor
{
    /// <summary>Takes the tensor over; the tensor object itself is used up.</summary>
    public Parameter(Tensor data, bool requires_grad = true)
        : base(Leaf(data, requires_grad))
    {
    }

    private static nint Leaf(Tensor data, bool requires_grad)
    {
        if (!data.is_leaf)
        {
            data.detach_();
        }
        data.requires_grad = requires_grad;
        return data.Surrender();
    }
}
