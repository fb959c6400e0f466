using System.Text.Json;
using NeuralCapacitance.Worker.Scores;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NeuralCapacitance.Worker.Tests.Scores;

/// <summary>Scores of a network at its initial weights, against PyTorch (tools/goldens_scores.py, float64; here float32).</summary>
[Collection(OwnGenerator.Name)]
public sealed class NetworkScoreTests : IDisposable
{
    private static readonly JsonElement Reference = Golden.Read("scores.json").GetProperty("network");

    private readonly DisposeScope scope = NewDisposeScope();
    private readonly Module<Tensor, Tensor> backbone = Loaded(new Network(), "state");
    private readonly Module<Tensor, Tensor> probe = Loaded(new Probe(), "probe");
    private readonly Tensor images = tensor(Reference.GetProperty("images").Numbers(), [6, 3, 8, 8], ScalarType.Float32);
    private readonly Tensor labels = tensor(Reference.GetProperty("labels").Numbers(), [6], ScalarType.Int64);

    [Fact]
    public void Grad_norm_is_that_of_PyTorch()
        => GradNorm.Of(backbone, probe, images, labels).ShouldBe(Reference.GetProperty("gradNorm").GetDouble(), 1e-4);

    [Fact]
    public void NASWOT_is_that_of_PyTorch()
        => Naswot.Of(backbone, images).ShouldBe(Reference.GetProperty("naswot").GetDouble(), 1e-6);

    /// <summary>After the others, too: what they leave behind does not matter to it.</summary>
    [Fact]
    public void SynFlow_is_that_of_PyTorch()
    {
        GradNorm.Of(backbone, probe, images, labels);
        Naswot.Of(backbone, images);
        SynFlow.Of(backbone, 8, CPU).ShouldBe(Reference.GetProperty("synflow").GetDouble(), 1e-6);
    }

    [Fact]
    public void Hooks_are_taken_off_again()
    {
        var before = Naswot.Of(backbone, images);
        using (no_grad()) backbone.call(images);

        Naswot.Of(backbone, images).ShouldBe(before, 1e-9);
    }

    [Fact]
    public void Two_images_that_are_one_have_no_determinant()
        => Should.Throw<NoScoreException>(() => Naswot.Of(backbone, cat([images, images.narrow(0, 0, 1)]))).Message.ShouldBe("two images of the batch switch the same units");

    [Fact]
    public void A_network_without_ReLU_has_no_NASWOT()
    {
        using var plain = Sequential(("conv", Conv2d(3, 4, 3)), ("flatten", Flatten()));

        Should.Throw<NoScoreException>(() => Naswot.Of(plain, images)).Message.ShouldStartWith("not applicable");
    }

    [Fact]
    public void A_network_that_lets_nothing_through_has_no_flow()
    {
        using var blocked = Sequential(("conv", Conv2d(3, 4, 3)), ("flatten", Flatten()));
        using (no_grad())
        {
            foreach (var parameter in blocked.parameters()) parameter.zero_();
        }

        Should.Throw<NoScoreException>(() => SynFlow.Of(blocked, 8, CPU)).Message.ShouldBe("nothing flows through the network");
    }

    public void Dispose()
    {
        backbone.Dispose();
        probe.Dispose();
        scope.Dispose();
    }

    private static Module<Tensor, Tensor> Loaded(Module<Tensor, Tensor> module, string state)
    {
        using var frozen = no_grad();
        var values = Reference.GetProperty(state);
        foreach (var (name, target) in module.state_dict().Where(t => !t.Key.EndsWith("num_batches_tracked", StringComparison.Ordinal)))
            target.copy_(tensor(values.GetProperty(name).Numbers(), target.shape));
        return module;
    }

    private sealed class Network : Module<Tensor, Tensor>
    {
        private readonly Module<Tensor, Tensor> conv1 = Conv2d(3, 4, 3, padding: 1, bias: false);
        private readonly Module<Tensor, Tensor> bn1 = BatchNorm2d(4);
        private readonly Module<Tensor, Tensor> conv2 = Conv2d(4, 4, 3, padding: 1);
        private readonly Module<Tensor, Tensor> bn2 = BatchNorm2d(4);
        private readonly Module<Tensor, Tensor> conv3 = Conv2d(4, 6, 1);
        private readonly Module<Tensor, Tensor> relu = ReLU(inplace: true);
        private readonly Module<Tensor, Tensor> relu6 = ReLU6(inplace: true);
        private readonly Module<Tensor, Tensor> dropout = Dropout(0.5);

        public Network()
            : base(nameof(Network)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            var x = relu.call(bn1.call(conv1.call(input)));
            x = x + conv2.call(relu.call(bn2.call(x)));
            return relu6.call(conv3.call(dropout.call(x))).mean([2, 3]);
        }
    }

    private sealed class Probe : Module<Tensor, Tensor>
    {
        private readonly Module<Tensor, Tensor> layers = Sequential(Linear(6, 5), BatchNorm1d(5), ReLU(), Dropout(0.4), Linear(5, 3));

        public Probe()
            : base(nameof(Probe)) => RegisterComponents();

        public override Tensor forward(Tensor input) => layers.call(input);
    }
}
