using System.Reflection;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>
        /// A part of a network: parameters, buffers and child modules under names, in the order of registration.
        /// Disposing a module disposes all three.
        /// </summary>
        public abstract partial class Module : IDisposable
        {
            private readonly string name;
            private readonly OrderedDictionary<string, Parameter?> parametersByName = new(StringComparer.Ordinal);
            private readonly OrderedDictionary<string, Tensor?> buffersByName = new(StringComparer.Ordinal);
            private readonly HashSet<string> transientBuffers = new(StringComparer.Ordinal);
            private readonly OrderedDictionary<string, Module> childrenByName = new(StringComparer.Ordinal);

            protected Module(string name) => this.name = name;

            /// <summary>Whether dropout drops and batch norm uses batch statistics.</summary>
            public virtual bool training { get; private set; } = true;

            public virtual string GetName() => name;

            public virtual void train(bool on = true)
            {
                training = on;
                foreach (var child in childrenByName.Values)
                {
                    child.train(on);
                }
            }

            public virtual void eval() => train(on: false);

            /// <summary>Runs the function on every descendant, children first, and then on this module.</summary>
            public virtual Module apply(Action<Module> fn)
            {
                foreach (var child in childrenByName.Values)
                {
                    child.apply(fn);
                }
                fn(this);
                return this;
            }

            public virtual void zero_grad(bool set_to_none = true)
            {
                foreach (var parameter in parameters())
                {
                    if (set_to_none)
                    {
                        parameter.grad = null;
                        continue;
                    }
                    using var gradient = parameter.grad;
                    gradient?.zero_();
                }
            }

            public void Dispose()
            {
                Dispose(disposing: true);
                GC.SuppressFinalize(this);
            }

            /// <summary>Registers what the fields hold: modules, parameters and, for other tensors, buffers, in the order of declaration.</summary>
            protected virtual void RegisterComponents()
            {
                foreach (var field in GetType().GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
                {
                    var component = field.GetCustomAttribute<ComponentNameAttribute>()?.Name ?? field.Name;
                    switch (field.GetValue(this))
                    {
                        case Module module when !childrenByName.ContainsKey(component):
                            register_module(component, module);
                            break;
                        case Parameter parameter when !parametersByName.ContainsKey(component):
                            register_parameter(component, parameter);
                            break;
                        case Tensor tensor and not Parameter when !buffersByName.ContainsKey(component):
                            register_buffer(component, tensor);
                            break;
                    }
                }
            }

            public virtual void register_module(string name, Module submodule)
            {
                if (!childrenByName.TryAdd(name, submodule))
                {
                    throw new InvalidOperationException($"{this.name} has a module '{name}' already");
                }
            }

            public virtual void register_parameter(string name, Parameter? param)
            {
                param?.DetachFromDisposeScope();
                if (!parametersByName.TryAdd(name, param))
                {
                    throw new InvalidOperationException($"{this.name} has a parameter '{name}' already");
                }
            }

            /// <param name="persistent">Whether the buffer is part of <see cref="state_dict"/>.</param>
            public virtual void register_buffer(string name, Tensor? buffer, bool persistent = true)
            {
                buffer?.DetachFromDisposeScope();
                if (!buffersByName.TryAdd(name, buffer))
                {
                    throw new InvalidOperationException($"{this.name} has a buffer '{name}' already");
                }
                if (!persistent)
                {
                    transientBuffers.Add(name);
                }
            }

            protected virtual void Dispose(bool disposing)
            {
                if (!disposing)
                {
                    return;
                }
                foreach (var child in childrenByName.Values)
                {
                    child.Dispose();
                }
                foreach (var tensor in parametersByName.Values.Concat(buffersByName.Values))
                {
                    tensor?.Dispose();
                }
            }
        }
    }
}
