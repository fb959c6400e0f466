namespace TorchSharp;

public static partial class torch
{
    /// <summary>Opens a scope on this thread; disposing it disposes every tensor that was made inside and not moved out.</summary>
    public static DisposeScope NewDisposeScope() => DisposeScopeManager.Open();

    public static DisposeScope? CurrentDisposeScope => DisposeScopeManager.ThreadSingleton.Innermost;

    /// <summary>Runs the function in a scope of its own and moves the tensor that it returns to the outer scope.</summary>
    public static Tensor WrappedTensorDisposeScope(Func<Tensor> expr)
    {
        using var scope = NewDisposeScope();
        return expr().MoveToOuterDisposeScope();
    }
}
