using TorchSharp.Modules;
using TorchSharp.Native;
using static TorchSharp.Native.NativeMethods;

namespace TorchSharp;

public static partial class torch
{
    public static partial class jit
    {
        /// <summary>A module compiled by PyTorch. Its parameters are the script's own tensors: training changes what it computes, and <c>to</c> moves it.</summary>
        public unsafe class ScriptModule : nn.Module
        {
            private nint handle;

            /// <summary>Takes the native module over.</summary>
            internal ScriptModule(nint handle)
                : base(nameof(ScriptModule))
            {
                this.handle = handle;
                foreach (var (name, native) in ScriptParts.Parameters(handle))
                {
                    var tensor = Tensor.Own(native);
                    register_parameter(name, new Parameter(tensor, tensor.requires_grad));
                }
                foreach (var (name, native) in ScriptParts.Buffers(handle))
                {
                    register_buffer(name, Tensor.Own(native));
                }
            }

            ~ScriptModule() => Dispose(disposing: false);

            private nint Handle => handle != 0 ? handle : throw new ObjectDisposedException(nameof(ScriptModule));

            public override void train(bool on = true)
            {
                base.train(on);
                NativeError.Check(nc_script_train(Handle, on ? 1 : 0));
            }

            /// <summary>
            /// All descendants, as new objects over the same native modules and tensors: disposing one leaves the others, and this module, usable.
            /// </summary>
            public override IEnumerable<(string name, nn.Module module)> named_modules()
            {
                var found = ScriptParts.Modules(Handle);
                GC.KeepAlive(this);
                return [.. found.Select(pair => (pair.Name, (nn.Module)new ScriptModule(pair.Module)))];
            }

            /// <summary>Calls the script's <c>forward</c>.</summary>
            /// <param name="input">Tensors.</param>
            /// <returns>A tensor.</returns>
            /// <exception cref="System.Runtime.InteropServices.ExternalException">The script failed, or returned something else; with libtorch's message.</exception>
            public object forward(params object[] input)
            {
                var arguments = new nint[input.Length];
                for (var i = 0; i < input.Length; i++)
                {
                    arguments[i] = input[i] is Tensor tensor
                        ? tensor.Handle
                        : throw new NotSupportedException($"Passing arguments of type {input[i].GetType().Name} to TorchScript.");
                }
                fixed (nint* first = arguments)
                {
                    var result = NativeError.Check(nc_script_forward(Handle, first, arguments.Length));
                    GC.KeepAlive(input);
                    GC.KeepAlive(this);
                    return Tensor.Own(result);
                }
            }

            public object call(params object[] input) => forward(input);

            protected override void Dispose(bool disposing)
            {
                base.Dispose(disposing);
                nc_script_free(Interlocked.Exchange(ref handle, 0));
            }
        }

        /// <summary>A script module of one tensor input and one tensor output.</summary>
        public sealed class ScriptModule<TInput, TResult> : ScriptModule, nn.IModule<TInput, TResult>
            where TInput : Tensor where TResult : Tensor
        {
            internal ScriptModule(nint handle)
                : base(handle)
            {
            }

            public TResult forward(TInput input) => (TResult)base.forward(input);

            public TResult call(TInput input) => forward(input);
        }
    }
}
