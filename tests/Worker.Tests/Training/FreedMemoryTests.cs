using System.Runtime.InteropServices;

namespace NeuralCapacitance.Worker.Tests.Training;

public sealed class FreedMemoryTests
{
    private const long Half = FreedMemoryProcess.Taken / 2;

    [GlibcFact]
    public async Task Freed_memory_stays_for_the_next_step_until_it_is_given_back()
    {
        var resident = await FreedMemoryProcess.StartAsync(("GLIBC_TUNABLES", ""), ("MALLOC_TRIM_THRESHOLD_", ""), ("MALLOC_MMAP_THRESHOLD_", ""));
        resident.Length.ShouldBe(3);
        (resident[1] - resident[0]).ShouldBeGreaterThan(Half);
        (resident[2] - resident[0]).ShouldBeLessThan(Half);
    }

    [GlibcFact]
    public async Task What_a_user_has_set_stays()
    {
        var resident = await FreedMemoryProcess.StartAsync(("MALLOC_TRIM_THRESHOLD_", "131072"));
        resident.Length.ShouldBe(3);
        (resident[1] - resident[0]).ShouldBeLessThan(Half);
    }

    private sealed class GlibcFactAttribute : FactAttribute
    {
        public GlibcFactAttribute()
        {
            if (!OperatingSystem.IsLinux() || !NativeLibrary.TryLoad("libc.so.6", out _)) Skip = "This system has no glibc.";
        }
    }
}
