using System.Runtime.InteropServices;
using NeuralCapacitance.Worker.Estimates;

namespace NeuralCapacitance.Worker.Tests.Estimates;

[Collection(OwnMemory.Name)]
public sealed class PeakMemoryTests
{
    private const int Block = 1 << 28;

    [Fact]
    public void Peak_of_some_work_counts_what_it_held()
    {
        var before = PeakMemory.Reset();
        var peak = PeakMemory.Of(Touch);
        if (before is { } resident) peak.ShouldNotBeNull().ShouldBeGreaterThan(resident + (Block / 2));
        else peak.ShouldBeNull(); // A sandbox that does not tell.
    }

    [Fact]
    public void What_systems_other_than_Linux_tell_is_the_peak_since_the_start()
    {
        var start = PeakMemory.SinceStart().ShouldNotBeNull();
        PeakMemory.ResidentNow().ShouldNotBeNull().ShouldBeGreaterThan(1 << 20);
        Touch();
        PeakMemory.SinceStart().ShouldNotBeNull().ShouldBeGreaterThanOrEqualTo(Math.Max(start, Block));
    }

    /// <summary>Not from the garbage collector, which might give other memory back on that occasion.</summary>
    private static unsafe void Touch()
    {
        var block = NativeMemory.Alloc(Block);
        NativeMemory.Fill(block, Block, 1);
        NativeMemory.Free(block);
    }
}
