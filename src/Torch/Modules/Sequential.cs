using TorchSharp.Modules;

namespace TorchSharp
{
    namespace Modules
    {
        using static torch;

        /// <summary>Modules one after the other. What each passes to the next is disposed as soon as it was used.</summary>
        public sealed class Sequential : nn.Module<Tensor, Tensor>
        {
            private readonly List<nn.Module<Tensor, Tensor>> steps = [];

            internal Sequential(IEnumerable<(string Name, nn.Module<Tensor, Tensor> Module)> modules)
                : base(nameof(Sequential))
            {
                foreach (var (name, module) in modules)
                {
                    append(name, module);
                }
            }

            public int Count => steps.Count;

            public nn.Module<Tensor, Tensor> this[int index] => steps[index];

            public Sequential append(string name, nn.Module<Tensor, Tensor> module)
            {
                register_module(name, module);
                steps.Add(module);
                return this;
            }

            public Sequential append(nn.Module<Tensor, Tensor> module) => append(steps.Count.ToString(System.Globalization.CultureInfo.InvariantCulture), module);

            public void Add(nn.Module<Tensor, Tensor> module) => append(module);

            public override Tensor forward(Tensor input)
            {
                if (steps.Count == 0)
                {
                    return input.alias();
                }
                var current = input;
                foreach (var step in steps)
                {
                    var next = step.call(current);
                    if (!ReferenceEquals(current, input) && !ReferenceEquals(current, next))
                    {
                        current.Dispose();
                    }
                    current = next;
                }
                return current;
            }
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Sequential Sequential(params (string name, Module<Tensor, Tensor> submodule)[] modules) => new(modules);

            /// <summary>The modules under the names "0", "1", ….</summary>
            public static Sequential Sequential(params Module<Tensor, Tensor>[] modules) => Sequential((IEnumerable<Module<Tensor, Tensor>>)modules);

            public static Sequential Sequential(IEnumerable<(string name, Module<Tensor, Tensor> submodule)> modules) => new(modules);

            public static Sequential Sequential(IEnumerable<Module<Tensor, Tensor>> modules) =>
                new(modules.Select((module, position) => (position.ToString(System.Globalization.CultureInfo.InvariantCulture), module)));
        }
    }
}
