using System.Runtime.InteropServices;
using TorchSharp.Modules;
using TorchSharp.Native;
using static TorchSharp.Native.NativeMethods;

namespace TorchSharp;

public static partial class torch
{
    public static partial class jit
    {
        /// <summary>A module compiled by PyTorch. Its parameters are the script's own tensors: training changes what it computes, and <c>to</c> moves it.</summary>
        public sealed unsafe class ScriptModule<TInput, TResult> : nn.Module<TInput, TResult>
            where TInput : Tensor where TResult : Tensor
        {
            private nint handle;

            internal ScriptModule(string path, Device device)
                : base(nameof(ScriptModule<TInput, TResult>))
            {
                handle = NativeError.Check(nc_script_load(path, (int)device.type, device.index));
                foreach (var (name, tensor) in ScriptTensors.Parameters(handle))
                {
                    register_parameter(name, new Parameter(tensor, tensor.requires_grad));
                }
                foreach (var (name, tensor) in ScriptTensors.Buffers(handle))
                {
                    register_buffer(name, tensor);
                }
            }

            ~ScriptModule() => Dispose(disposing: false);

            public override void train(bool on = true)
            {
                base.train(on);
                NativeError.Check(nc_script_train(Handle, on ? 1 : 0));
            }

            public override TResult forward(TInput input)
            {
                var argument = input.Handle;
                var result = NativeError.Check(nc_script_forward(Handle, &argument, 1));
                GC.KeepAlive(input);
                GC.KeepAlive(this);
                return (TResult)Tensor.Own(result);
            }

            protected override void Dispose(bool disposing)
            {
                base.Dispose(disposing);
                nc_script_free(Interlocked.Exchange(ref handle, 0));
            }

            private nint Handle => handle != 0 ? handle : throw new ObjectDisposedException(nameof(ScriptModule<TInput, TResult>));
        }
    }
}
