using Microsoft.Extensions.Options;
using NeuralCapacitance.Infrastructure.History;
using NeuralCapacitance.Infrastructure.Rankings;

namespace NeuralCapacitance.Infrastructure.Tests.Rankings;

public sealed class PredictionGateTests
{
    [Fact]
    public void Half_of_the_cores_predict_unless_told_otherwise()
    {
        Gate(new RankingOptions()).Threads.ShouldBe(Math.Max(1, Environment.ProcessorCount / 2));
        Gate(new RankingOptions { Predictions = 3 }).Threads.ShouldBe(3);
    }

    [Fact]
    public async Task Who_comes_first_is_let_in_first_as_places_come_free()
    {
        var gate = Gate(new RankingOptions { Predictions = 1, MaxWaiting = 2 });
        var first = await gate.EnterAsync(isQuick: true, default);
        var second = gate.EnterAsync(isQuick: true, default);
        var third = gate.EnterAsync(isQuick: true, default);

        first.Dispose();

        var pass = await second;
        third.IsCompleted.ShouldBeFalse();
        pass.Dispose();
        (await third).Dispose();
    }

    [Fact]
    public async Task Who_comes_when_enough_wait_is_refused()
    {
        var gate = Gate(new RankingOptions { Predictions = 1, MaxWaiting = 1 });
        using var inside = await gate.EnterAsync(isQuick: true, default);
        using var impatience = new CancellationTokenSource();
        var waiting = gate.EnterAsync(isQuick: true, impatience.Token);

        (await Should.ThrowAsync<PredictionsBusyException>(gate.EnterAsync(isQuick: true, default))).Message.ShouldBe("1 predictions are being computed, and as many others as may wait do.");

        await impatience.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(waiting);
        gate.EnterAsync(isQuick: true, default).IsCompleted.ShouldBeFalse("who gave up left his place to the next");
    }

    [Fact]
    public async Task What_takes_long_has_half_of_the_threads_as_long_as_nobody_else_wants_them()
    {
        var gate = Gate(new RankingOptions { Predictions = 8 });
        using var quick = await gate.EnterAsync(isQuick: true, default);
        using var slow = await gate.EnterAsync(isQuick: false, default);
        using var next = await gate.EnterAsync(isQuick: false, default);

        (quick.Threads, slow.Threads, next.Threads).ShouldBe((1, 5, 1));
        slow.Dispose();
        using var last = await gate.EnterAsync(isQuick: false, default);
        last.Threads.ShouldBe(5);
    }

    private static PredictionGate Gate(RankingOptions options) => new(Options.Create(options));
}
