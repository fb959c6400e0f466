using NeuralCapacitance.Worker.Hosting;

namespace NeuralCapacitance.Worker.Tests.Hosting;

public sealed class DedicatedThreadTests
{
    [Fact]
    public async Task The_body_runs_outside_the_pool_and_under_its_name()
    {
        (bool IsPool, string? Name) seen = default;

        await DedicatedThread.RunAsync("trial 7", () => seen = (Thread.CurrentThread.IsThreadPoolThread, Thread.CurrentThread.Name));

        seen.ShouldBe((false, "trial 7"));
    }

    [Fact]
    public async Task An_exception_reaches_the_caller()
        => (await Should.ThrowAsync<InvalidDataException>(() => DedicatedThread.RunAsync("x", () => throw new InvalidDataException("why")))).Message.ShouldBe("why");

    [Fact]
    public async Task Cancellation_reaches_the_caller_as_cancellation()
    {
        var task = DedicatedThread.RunAsync("x", () => throw new OperationCanceledException());

        await Should.ThrowAsync<OperationCanceledException>(() => task);

        task.IsCanceled.ShouldBeTrue();
    }
}
