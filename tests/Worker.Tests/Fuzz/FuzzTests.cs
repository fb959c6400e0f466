using NeuralCapacitance.Benchmarks.Fuzz;

namespace NeuralCapacitance.Worker.Tests.Fuzz;

/// <summary>A short run of <c>./bench fuzz</c>. Hangs are counted there, where the machine has nothing else to do.</summary>
public sealed class FuzzTests
{
    [Fact]
    public void Damaged_inputs_are_read_or_refused()
    {
        using var fuzzing = new Fuzzing(seed: 20260711);
        foreach (var count in fuzzing.Run(400))
        {
            count.Crashes.ShouldBeEmpty(count.Reader);
            count.Refused.ShouldBeInRange(20, 399, count.Reader);
        }
    }
}
