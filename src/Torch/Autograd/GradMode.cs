using static TorchSharp.Native.NativeMethods;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Switches gradient recording off on this thread until disposed.</summary>
    public static IDisposable no_grad() => new AutoGradMode(enabled: false);

    /// <summary>Switches gradient recording on (or off) on this thread until disposed.</summary>
    public static IDisposable enable_grad(bool enabled = true) => new AutoGradMode(enabled);

    public static IDisposable set_grad_enabled(bool mode = true) => new AutoGradMode(mode);

    public static bool is_grad_enabled() => nc_grad_mode() != 0;

    /// <summary>Like <see cref="no_grad"/>, and results can never take part in gradients: cheaper.</summary>
    public static IDisposable inference_mode(bool mode = true) => new InferenceMode(mode);

    private sealed class AutoGradMode : IDisposable
    {
        private readonly bool before = is_grad_enabled();

        public AutoGradMode(bool enabled) => nc_set_grad_mode(enabled ? 1 : 0);

        public void Dispose() => nc_set_grad_mode(before ? 1 : 0);
    }

    private sealed class InferenceMode(bool enabled) : IDisposable
    {
        private nint guard = Native.NativeError.Check(nc_inference_mode_enter(enabled ? 1 : 0));

        public void Dispose() => nc_inference_mode_leave(Interlocked.Exchange(ref guard, 0));
    }
}
