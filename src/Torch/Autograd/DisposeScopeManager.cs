namespace TorchSharp;

/// <summary>The stack of dispose scopes of one thread.</summary>
public sealed class DisposeScopeManager
{
    [ThreadStatic]
    private static DisposeScopeManager? current;

    private DisposeScope? innermost;

    internal static DisposeScopeManager ThreadSingleton => current ??= new();

    /// <summary>Gives a new tensor to the thread's innermost scope, if there is one.</summary>
    internal static DisposeScope? Register(torch.Tensor tensor)
    {
        var scope = current?.innermost;
        scope?.Include(tensor);
        return scope;
    }

    internal static DisposeScope Open()
    {
        var manager = ThreadSingleton;
        return manager.innermost = new DisposeScope(manager, manager.innermost);
    }

    // A scope that is disposed before an inner one takes the inner one off the stack with it.
    internal void Close(DisposeScope scope)
    {
        for (var open = innermost; open is not null; open = open.OuterScope)
        {
            if (ReferenceEquals(open, scope))
            {
                innermost = scope.OuterScope;
                return;
            }
        }
    }

    internal DisposeScope? Innermost => innermost;
}
