using TorchSharp.Modules;
using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Saving and restoring parameters and persistent buffers.</summary>
        public abstract partial class Module
        {
            private static readonly Operator SetData = new("set_data");

            /// <summary>Parameters and persistent buffers by dotted name; the tensors are the module's own, not copies.</summary>
            public virtual Dictionary<string, Tensor> state_dict(Dictionary<string, Tensor>? destination = null, string? prefix = null)
            {
                destination ??= new Dictionary<string, Tensor>(StringComparer.Ordinal);
                foreach (var (path, module) in Tree(recurse: true))
                {
                    foreach (var (key, tensor) in module.OwnState())
                    {
                        destination.TryAdd((string.IsNullOrEmpty(prefix) ? "" : prefix + ".") + path + key, tensor);
                    }
                }
                return destination;
            }

            /// <summary>
            /// Copies the source's values into the parameters and buffers of the same names, converting type and device.
            /// </summary>
            /// <param name="strict">Whether a name that only one side has is an error.</param>
            /// <param name="skip">Names to leave alone.</param>
            /// <exception cref="InvalidOperationException">Names or shapes do not match.</exception>
            public virtual (IList<string> missing_keys, IList<string> unexpected_keyes) load_state_dict(
                Dictionary<string, Tensor> source, bool strict = true, IList<string>? skip = null)
            {
                var own = state_dict();
                var missing = own.Keys.Where(key => !source.ContainsKey(key) && skip?.Contains(key) != true).ToList();
                var unexpected = source.Keys.Where(key => !own.ContainsKey(key) && skip?.Contains(key) != true).ToList();
                if (strict && missing.Count + unexpected.Count > 0)
                {
                    throw new InvalidOperationException(
                        $"the state does not fit {name}: it lacks [{string.Join(", ", missing)}] and has [{string.Join(", ", unexpected)}] too much");
                }
                var copies = own.Where(pair => source.ContainsKey(pair.Key) && skip?.Contains(pair.Key) != true).ToList();
                foreach (var (key, target) in copies)
                {
                    if (!source[key].shape.AsSpan().SequenceEqual(target.shape))
                    {
                        throw new InvalidOperationException($"'{key}' of {name} is {target}; the state has {source[key]}");
                    }
                }
                using var mode = no_grad();
                foreach (var (key, target) in copies)
                {
                    target.copy_(source[key]);
                }
                return (missing, unexpected);
            }

            private IEnumerable<KeyValuePair<string, Tensor>> OwnState() =>
                parametersByName.Select(pair => KeyValuePair.Create(pair.Key, (Tensor?)pair.Value))
                    .Concat(buffersByName.Where(pair => !transientBuffers.Contains(pair.Key)))
                    .Where(pair => pair.Value is not null)!;

            /// <summary>
            /// Converts and moves parameters and buffers; integer ones keep their type. The tensors stay the same, native ones too, as in
            /// PyTorch: whoever else holds them, such as a script, moves along.
            /// </summary>
            internal void ConvertTo(Device? device, ScalarType? dtype)
            {
                using var mode = no_grad();
                foreach (var tensor in Tree(recurse: true).SelectMany(node => node.Module.parametersByName.Values.Concat(node.Module.buffersByName.Values)))
                {
                    if (tensor is not null)
                    {
                        Convert(tensor, device, dtype);
                    }
                }
            }

            private static void Convert(Tensor tensor, Device? device, ScalarType? dtype)
            {
                var type = tensor.is_floating_point() ? dtype ?? tensor.dtype : tensor.dtype;
                using var converted = tensor.to(type, device ?? tensor.device);
                if (converted.Handle == tensor.Handle)
                {
                    return;
                }
                using var gradient = tensor.grad;
                SetData.Run(tensor, converted);
                if (gradient is not null)
                {
                    using var moved = gradient.to(type, device ?? gradient.device, copy: true);
                    tensor.grad = moved;
                }
            }

            private protected void Replace(string parameterName, Parameter? value)
            {
                value?.DetachFromDisposeScope();
                parametersByName[parameterName] = value;
            }
        }
    }
}
