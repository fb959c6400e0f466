using TorchSharp.Native;
using static TorchSharp.torch;

namespace TorchSharp.Tests;

[Collection(ProcessWideState.Name)]
public sealed class TrainingTests
{
    [Fact]
    public void A_small_network_learns()
    {
        var losses = Train(seed: 1, steps: 60);
        losses[^1].ShouldBeLessThan(losses[0] * 0.8f);
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits()
    {
        Train(seed: 3, steps: 10).ShouldBe(Train(seed: 3, steps: 10));
        Train(seed: 4, steps: 10).ShouldNotBe(Train(seed: 3, steps: 10));
    }

    [Fact]
    public void Two_hundred_steps_leave_native_memory_flat()
    {
        using var run = new Run(seed: 2);
        run.Steps(20);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var live = LiveTensors();
        var resident = ResidentBytes();
        for (var round = 0; round < 10; round++)
        {
            run.Steps(20);
            LiveTensors().ShouldBe(live);
        }
        (ResidentBytes() - resident).ShouldBeLessThan(16L << 20);
    }

    [Fact]
    public void Two_threads_that_train_at_once_get_the_numbers_that_each_gets_alone()
    {
        using var first = new Run(seed: 5);
        using var second = new Run(seed: 6);
        using var firstAgain = new Run(seed: 5);
        using var secondAgain = new Run(seed: 6);
        var expected = (first.Steps(40), second.Steps(40));

        using var start = new Barrier(3);
        float[] one = [], two = [];
        var disturbed = false;
        var workers = new[]
        {
            new Thread(() =>
            {
                start.SignalAndWait();
                one = firstAgain.Steps(40);
            }),
            new Thread(() =>
            {
                start.SignalAndWait();
                two = secondAgain.Steps(40);
            }),
            new Thread(() =>
            {
                // A third thread that switches its own recording off and on must not be noticed.
                start.SignalAndWait();
                for (var k = 0; k < 2000; k++)
                {
                    using var mode = no_grad();
                    using var x = ones(1, requires_grad: true);
                    using var y = x * 2;
                    disturbed |= y.requires_grad;
                }
            }),
        };
        Array.ForEach(workers, worker => worker.Start());
        Array.ForEach(workers, worker => worker.Join());

        one.ShouldBe(expected.Item1);
        two.ShouldBe(expected.Item2);
        disturbed.ShouldBeFalse();
    }

    private static float[] Train(long seed, int steps)
    {
        using var run = new Run(seed);
        return run.Steps(steps);
    }

    private static long LiveTensors() => NativeMethods.nc_tensor_live_count();

    private static long ResidentBytes()
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    /// <summary>A network, its data and its optimizer; draws random numbers only when it is made.</summary>
    private sealed class Run : IDisposable
    {
        private readonly nn.Module<Tensor, Tensor> model;
        private readonly Tensor images;
        private readonly Tensor labels;
        private readonly TorchSharp.Modules.OptimizerHelper optimizer;

        public Run(long seed)
        {
            manual_seed(seed);
            model = nn.Sequential(
                ("conv", nn.Conv2d(3, 8, 3, padding: 1, bias: false)), ("bn", nn.BatchNorm2d(8)), ("relu", nn.ReLU(inplace: true)),
                ("pool", nn.AdaptiveAvgPool2d(1)), ("flat", nn.Flatten()), ("fc", nn.Linear(8, 4)));
            images = randn(32, 3, 8, 8).DetachFromDisposeScope();
            labels = randint(0, 4, [32]).DetachFromDisposeScope();
            optimizer = optim.SGD(model.parameters(), 0.1, momentum: 0.9, weight_decay: 1e-4);
        }

        public float[] Steps(int count) => [.. Enumerable.Range(0, count).Select(_ => Step())];

        public void Dispose()
        {
            optimizer.Dispose();
            model.Dispose();
            images.Dispose();
            labels.Dispose();
        }

        private float Step()
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            var loss = nn.functional.cross_entropy(model.call(images), labels);
            loss.backward();
            optimizer.step();
            return loss.item<float>();
        }
    }
}
