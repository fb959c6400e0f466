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

    private static void Touch()
    {
        var block = GC.AllocateUninitializedArray<byte>(Block);
        block.AsSpan().Fill(1);
        GC.KeepAlive(block);
    }
}
