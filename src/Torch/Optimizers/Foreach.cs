using TorchSharp.Native;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>libtorch's operators over lists of tensors: one call for all parameters instead of one each.</summary>
internal static class Foreach
{
    private static readonly Operator AddList = new("_foreach_add", "List");
    private static readonly Operator AddListInPlace = new("_foreach_add_", "List");
    private static readonly Operator AddScalarInPlace = new("_foreach_add_", "Scalar");
    private static readonly Operator MulScalarInPlace = new("_foreach_mul_", "Scalar");
    private static readonly Operator DivScalarInPlace = new("_foreach_div_", "Scalar");
    private static readonly Operator Addcmul = new("_foreach_addcmul_", "Scalar");
    private static readonly Operator Addcdiv = new("_foreach_addcdiv_", "Scalar");
    private static readonly Operator SqrtList = new("_foreach_sqrt");
    private static readonly Operator NegList = new("_foreach_neg");

    /// <summary>left + alpha · right.</summary>
    public static Tensor[] Add(Tensor[] left, Tensor[] right, double alpha = 1) => AddList.CallForList(left, right, alpha);

    public static void AddInPlace(Tensor[] left, Tensor[] right, double alpha = 1) => AddListInPlace.Run(left, right, alpha);

    public static void AddInPlace(Tensor[] tensors, double value) => AddScalarInPlace.Run(tensors, value);

    public static void MulInPlace(Tensor[] tensors, double factor) => MulScalarInPlace.Run(tensors, factor);

    public static void DivInPlace(Tensor[] tensors, double divisor) => DivScalarInPlace.Run(tensors, divisor);

    /// <summary>tensors += value · left · right.</summary>
    public static void AddcmulInPlace(Tensor[] tensors, Tensor[] left, Tensor[] right, double value) => Addcmul.Run(tensors, left, right, value);

    /// <summary>tensors += value · numerators / denominators.</summary>
    public static void AddcdivInPlace(Tensor[] tensors, Tensor[] numerators, Tensor[] denominators, double value) =>
        Addcdiv.Run(tensors, numerators, denominators, value);

    public static Tensor[] Sqrt(Tensor[] tensors) => SqrtList.CallForList([tensors]);

    public static Tensor[] Neg(Tensor[] tensors) => NegList.CallForList([tensors]);
}
