namespace TorchSharp.Modules;

/// <summary>Adam whose weight decay is a part of the gradient: g += weight_decay · p.</summary>
public sealed class Adam : AdamBase
{
    public Adam(
        IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0,
        bool amsgrad = false, bool maximize = false)
        : base(parameters, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize)
    {
    }

    private protected override bool IsDecoupled => false;
}
