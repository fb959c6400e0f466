namespace NeuralCapacitance.Worker.Training;

/// <summary>The runtime that spreads a tensor operation over the cores.</summary>
internal static class OpenMp
{
    /// <summary>Of GNU's runtime, which libtorch uses on Linux: turns of a loop.</summary>
    internal const string GnuSpins = "GOMP_SPINCOUNT";

    /// <summary>Of Intel's and LLVM's, which it uses on Windows and macOS: milliseconds, 200 unless it is set.</summary>
    internal const string LlvmSpins = "KMP_BLOCKTIME";

    /// <summary>
    /// Lets threads that wait for each other spin for some microseconds only, then sleep. Spinning on, which is the default, can cost far more than it
    /// saves where anything else wants the cores (docs/performance.md); sleeping at once halves the speed of small networks on an idle machine.
    /// An <c>OMP_WAIT_POLICY</c>, <c>GOMP_SPINCOUNT</c> or <c>KMP_BLOCKTIME</c> of the user's own stays.
    /// </summary>
    /// <remarks>The runtime reads its variable once, when libtorch is loaded: call this before.</remarks>
    public static void PreferShortSpinning()
    {
        if (Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is { Length: > 0 }) return;
        if (OperatingSystem.IsLinux()) CEnvironment.SetDefault(GnuSpins, "10000");
        else CEnvironment.SetDefault(LlvmSpins, "1");
    }
}
