namespace TorchSharp;

/// <summary>
/// Owns every tensor made on this thread since it was opened, and disposes them when it closes.
/// Scopes nest; a tensor leaves one by moving to the outer scope or by being detached from all.
/// </summary>
public sealed class DisposeScope : IDisposable
{
    private readonly DisposeScopeManager manager;
    private HashSet<IDisposable> disposables = new(ReferenceEqualityComparer.Instance);

    internal DisposeScope(DisposeScopeManager manager, DisposeScope? outer)
    {
        this.manager = manager;
        OuterScope = outer;
    }

    internal DisposeScope? OuterScope { get; }

    public int DisposablesCount => disposables.Count;

    public IReadOnlyList<IDisposable> DisposablesView => [.. disposables];

    public bool Contains(IDisposable disposable) => disposables.Contains(disposable);

    public T Include<T>(T disposable) where T : IDisposable
    {
        disposables.Add(disposable);
        return disposable;
    }

    /// <summary>Hands the disposable to the enclosing scope, or to nobody where there is none.</summary>
    public T MoveToOuter<T>(T disposable) where T : IDisposable => MoveToOther(OuterScope, disposable);

    public void MoveToOuter(params IDisposable[] disposables)
    {
        foreach (var disposable in disposables)
        {
            MoveToOuter(disposable);
        }
    }

    public T MoveToOther<T>(DisposeScope? scope, T disposable) where T : IDisposable
    {
        if (disposables.Remove(disposable))
        {
            scope?.disposables.Add(disposable);
            Own(disposable, scope);
        }
        return disposable;
    }

    /// <summary>Takes the disposable out of all scopes: its holder disposes it.</summary>
    public T Detach<T>(T disposable) where T : IDisposable => MoveToOther(scope: null, disposable);

    public void Detach(params IDisposable[] disposables)
    {
        foreach (var disposable in disposables)
        {
            Detach(disposable);
        }
    }

    public void Attach(IDisposable disposable)
    {
        disposables.Add(disposable);
        Own(disposable, this);
    }

    public void DisposeEverything() => DisposeEverythingBut();

    public void DisposeEverythingBut(params IDisposable[] keep)
    {
        var all = disposables;
        disposables = new(keep, ReferenceEqualityComparer.Instance);
        foreach (var disposable in all)
        {
            if (disposables.Contains(disposable))
            {
                continue;
            }
            Own(disposable, scope: null);
            disposable.Dispose();
        }
    }

    public T DisposeEverythingBut<T>(T keep) where T : IDisposable
    {
        DisposeEverythingBut([keep]);
        return keep;
    }

    public void MarkAsDisposed(IDisposable disposable)
    {
        disposables.Remove(disposable);
        Own(disposable, scope: null);
    }

    public void Dispose()
    {
        DisposeEverything();
        manager.Close(this);
    }

    private static void Own(IDisposable disposable, DisposeScope? scope)
    {
        if (disposable is torch.Tensor tensor)
        {
            tensor.OwningDisposeScope = scope;
        }
    }
}
