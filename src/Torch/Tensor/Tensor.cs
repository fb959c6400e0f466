using TorchSharp.Native;
using static TorchSharp.Native.NativeMethods;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>
    /// A libtorch tensor. The object owns one reference to it: disposing (or the closing dispose scope) gives the reference back,
    /// and the finalizer does for a tensor that was forgotten.
    /// </summary>
    public partial class Tensor : IDisposable
    {
        private nint handle;

        internal Tensor(nint owned)
        {
            handle = owned;
            OwningDisposeScope = DisposeScopeManager.Register(this);
        }

        ~Tensor() => Release();

        /// <summary>The native handle.</summary>
        /// <exception cref="ObjectDisposedException">The tensor was disposed.</exception>
        public nint Handle => handle != 0 ? handle : throw new ObjectDisposedException(nameof(Tensor), "the tensor was disposed, perhaps by its dispose scope");

        public bool IsInvalid => handle == 0;

        internal DisposeScope? OwningDisposeScope { get; set; }

        /// <summary>A tensor that owns the handle; null for the null handle of an undefined tensor.</summary>
        internal static Tensor Own(nint owned) => owned == 0 ? null! : new(owned);

        public void Dispose()
        {
            Dispose(disposing: true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            if (handle == 0)
            {
                return;
            }
            OwningDisposeScope?.MarkAsDisposed(this);
            Release();
        }

        /// <summary>A second owner of the same native tensor, outside autograd.</summary>
        internal Tensor Share()
        {
            var shared = new Tensor(nc_tensor_share(Handle));
            GC.KeepAlive(this);
            return shared;
        }

        /// <summary>Takes the handle away; what is left of this object is as good as disposed.</summary>
        internal nint Surrender()
        {
            var surrendered = Handle;
            handle = 0;
            OwningDisposeScope?.MarkAsDisposed(this);
            GC.SuppressFinalize(this);
            return surrendered;
        }

        public Tensor MoveToOuterDisposeScope()
        {
            OwningDisposeScope?.MoveToOuter(this);
            return this;
        }

        public Tensor MoveToOtherDisposeScope(DisposeScope? scope)
        {
            if (OwningDisposeScope is { } owner)
            {
                owner.MoveToOther(scope, this);
            }
            else
            {
                scope?.Attach(this);
            }
            return this;
        }

        public Tensor MoveToOtherDisposeScope(Tensor other) => MoveToOtherDisposeScope(other.OwningDisposeScope);

        public Tensor DetachFromDisposeScope()
        {
            OwningDisposeScope?.Detach(this);
            return this;
        }

        public override bool Equals(object? obj) => obj is Tensor other && (ReferenceEquals(this, other) || equal(other));

        // Equality is by value, but values change; the object's identity is all that a hash can go by.
        public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

        public override string ToString() => IsInvalid ? "disposed" : $"[{string.Join('x', shape)}], type = {dtype}, device = {device}";

        private void Release()
        {
            var owned = Interlocked.Exchange(ref handle, 0);
            if (owned != 0)
            {
                nc_tensor_free(owned);
            }
        }
    }
}
