namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public abstract partial class Module<T, TResult>
        {
            private List<Func<Module<T, TResult>, T, TResult, TResult>>? forwardHooks;

            /// <summary>Runs the function after each <see cref="call"/>, in the order of registration; what it returns takes the result's place.</summary>
            public HookRemover register_forward_hook(Func<Module<T, TResult>, T, TResult, TResult> hook)
            {
                (forwardHooks ??= []).Add(hook);
                return new HookRemover(() => forwardHooks.Remove(hook));
            }

            private TResult RunForwardHooks(T input, TResult result)
            {
                foreach (var hook in forwardHooks!)
                {
                    result = hook(this, input, result);
                }
                return result;
            }
        }

        public abstract partial class Module
        {
            /// <summary>Takes a hook off its module again.</summary>
            public sealed class HookRemover
            {
                private readonly Action removal;

                internal HookRemover(Action removal) => this.removal = removal;

                public void remove() => removal();
            }
        }
    }
}
