using System.Collections;
using System.Globalization;
using TorchSharp.Modules;

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>Modules in a list, registered under their positions.</summary>
        public class ModuleList<T> : torch.nn.Module, IReadOnlyList<T> where T : torch.nn.Module
        {
            private readonly List<T> items = [];

            public ModuleList(params T[] modules)
                : base(nameof(ModuleList<T>))
            {
                foreach (var module in modules)
                {
                    Add(module);
                }
            }

            public int Count => items.Count;

            public T this[int index] => items[index];

            public void Add(T item)
            {
                register_module(items.Count.ToString(CultureInfo.InvariantCulture), item);
                items.Add(item);
            }

            public void append(T module) => Add(module);

            public IEnumerator<T> GetEnumerator() => items.GetEnumerator();

            IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
        }

        /// <summary>Modules by name, in the order in which they were added.</summary>
        public class ModuleDict<T> : torch.nn.Module, IEnumerable<(string, T)> where T : torch.nn.Module
        {
            private readonly OrderedDictionary<string, T> items = new(StringComparer.Ordinal);

            public ModuleDict(params (string, T)[] modules)
                : base(nameof(ModuleDict<T>))
            {
                foreach (var (key, module) in modules)
                {
                    Add((key, module));
                }
            }

            public int Count => items.Count;

            public T this[string key] => items[key];

            public bool ContainsKey(string key) => items.ContainsKey(key);

            public void Add((string, T) item)
            {
                register_module(item.Item1, item.Item2);
                items.Add(item.Item1, item.Item2);
            }

            public IEnumerator<(string, T)> GetEnumerator() => items.Select(pair => (pair.Key, pair.Value)).GetEnumerator();

            IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static ModuleList<T> ModuleList<T>(params T[] modules) where T : Module => new(modules);

            public static ModuleDict<T> ModuleDict<T>(params (string, T)[] modules) where T : Module => new(modules);
        }
    }
}
