using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Runtime;

[Collection(ProcessWideState.Name)]
public sealed class ThreadTests
{
    [OpenBlasTheory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_number_of_threads_holds_for_OpenBLAS_too(int threads)
    {
        var before = get_num_threads();
        try
        {
            set_num_threads(threads);
            get_num_threads().ShouldBe(threads);
            var address = NativeLibrary.GetExport(NativeLibrary.Load(OpenBlasTheoryAttribute.Library), "openblas_get_num_threads");
            Marshal.GetDelegateForFunctionPointer<ThreadCount>(address)().ShouldBe(threads);
        }
        finally
        {
            set_num_threads(before);
        }
    }

    private delegate int ThreadCount();

    /// <summary>A theory about the OpenBLAS that libtorch has loaded.</summary>
    private sealed class OpenBlasTheoryAttribute : TheoryAttribute
    {
        public const string Library = "libopenblas.so.0";

        public OpenBlasTheoryAttribute()
        {
            if (!NativeLibrary.TryLoad(Library, out _)) Skip = "There is no OpenBLAS; libtorch has another BLAS.";
        }
    }
}
