using NeuralCapacitance.Worker.Hosting;

namespace NeuralCapacitance.Worker.Tests.Hosting;

public sealed class WorkerOptionsTests
{
    private readonly WorkerOptionsValidation validation = new(Microsoft.Extensions.Options.Options.Create(new TorchOptions()));

    [Fact]
    public void The_defaults_are_valid() => validation.Validate(name: null, new WorkerOptions()).Succeeded.ShouldBeTrue();

    [Fact]
    public void Every_fault_is_reported_with_property_value_and_what_is_accepted()
    {
        var result = validation.Validate(name: null, new WorkerOptions { Device = "tpu", Threads = -1, Slots = 0, MaxAttempts = 0, RetryPause = TimeSpan.FromSeconds(-1), StallTimeout = TimeSpan.FromSeconds(1), MemoryLimit = "much" });

        result.Failures.ShouldBe(
        [
            "Worker:Device: Device 'tpu' is not known; accepted are 'auto', 'cpu' and 'cuda:N'.",
            "Worker:Threads is -1; accepted is 0 … 1024.",
            "Worker:Slots is 0; accepted is 1 … 64.",
            "Worker:MaxAttempts is 0; accepted is 1 … 1000.",
            "Worker:RetryPause is -00:00:01; accepted is 00:00:00 … 01:00:00.",
            "Worker:StallTimeout is 00:00:01; accepted is 00:00:02 … 1.00:00:00.",
            "Worker:MemoryLimit is 'much'; accepted is a number of bytes with a unit, as 8GB or 7.5GiB, or a share of this machine's memory, as 60%, at least 500 MB.",
        ]);
    }
}
