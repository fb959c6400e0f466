using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Walking the tree. Names of descendants are joined with dots; what is registered twice is listed once.</summary>
        public abstract partial class Module
        {
            public virtual IEnumerable<Parameter> parameters(bool recurse = true) => named_parameters(recurse).Select(pair => pair.parameter);

            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true) =>
                Distinct(Tree(recurse).SelectMany(node => node.Module.parametersByName
                    .Where(pair => pair.Value is not null)
                    .Select(pair => (node.Prefix + pair.Key, pair.Value!))));

            public virtual IEnumerable<Tensor> buffers(bool recurse = true, bool include_nonpersistent = true) =>
                named_buffers(recurse, include_nonpersistent).Select(pair => pair.buffer);

            public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true) =>
                Distinct(Tree(recurse).SelectMany(node => node.Module.buffersByName
                    .Where(pair => pair.Value is not null && (include_nonpersistent || !node.Module.transientBuffers.Contains(pair.Key)))
                    .Select(pair => (node.Prefix + pair.Key, pair.Value!))));

            public virtual IEnumerable<Module> children() => named_children().Select(pair => pair.module);

            public virtual IEnumerable<(string name, Module module)> named_children() =>
                Distinct(childrenByName.Select(pair => (pair.Key, pair.Value)));

            /// <summary>All descendants; unlike in PyTorch, without this module itself.</summary>
            public virtual IEnumerable<Module> modules() => named_modules().Select(pair => pair.module);

            /// <summary>All descendants, each before its own; unlike in PyTorch, without this module itself.</summary>
            public virtual IEnumerable<(string name, Module module)> named_modules() =>
                Distinct(Tree(recurse: true).Skip(1).Select(node => (node.Prefix[..^1], node.Module)));

            public virtual Parameter? get_parameter(string target) =>
                named_parameters().FirstOrDefault(pair => string.Equals(pair.name, target, StringComparison.Ordinal)).parameter;

            public virtual Tensor? get_buffer(string target) =>
                named_buffers().FirstOrDefault(pair => string.Equals(pair.name, target, StringComparison.Ordinal)).buffer;

            private IEnumerable<(string Prefix, Module Module)> Tree(bool recurse, string prefix = "")
            {
                yield return (prefix, this);
                if (!recurse)
                {
                    yield break;
                }
                foreach (var (childName, child) in childrenByName)
                {
                    foreach (var node in child.Tree(recurse, $"{prefix}{childName}."))
                    {
                        yield return node;
                    }
                }
            }

            private static IEnumerable<(string, T)> Distinct<T>(IEnumerable<(string Name, T Value)> pairs) where T : class
            {
                var seen = new HashSet<T>(ReferenceEqualityComparer.Instance);
                return pairs.Where(pair => seen.Add(pair.Value));
            }
        }
    }
}
