using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace TorchSharp.Tests.Tensors;

public sealed class OperatorTests
{
    private static readonly Dictionary<string, Case> Goldens = Golden.Load<Case>("operators");

    private static readonly Dictionary<string, Func<Tensor[], Tensor>> Operators = new(StringComparer.Ordinal)
    {
        ["add"] = x => x[0] + x[1],
        ["add_scalar"] = x => x[0] + 1.5,
        ["add_alpha"] = x => x[0].add(x[1], 0.25),
        ["sub"] = x => x[0] - x[1],
        ["scalar_minus"] = x => 2 - x[0],
        ["mul"] = x => x[0] * x[1],
        ["mul_scalar"] = x => x[0] * 3,
        ["div"] = x => x[0] / x[1],
        ["scalar_over"] = x => 2 / x[0],
        ["neg"] = x => -x[0],
        ["remainder"] = x => x[0] % 0.7,
        ["pow"] = x => x[0].pow(2.5),
        ["addcmul"] = x => x[0].addcmul(x[1], x[2], 0.5),
        ["addcdiv"] = x => x[0].addcdiv(x[1], x[2], 0.5),
        ["lerp"] = x => x[0].lerp(x[1], 0.3),
        ["abs"] = x => x[0].abs(),
        ["sqrt"] = x => x[0].sqrt(),
        ["rsqrt"] = x => x[0].rsqrt(),
        ["square"] = x => x[0].square(),
        ["exp"] = x => x[0].exp(),
        ["log"] = x => x[0].log(),
        ["log1p"] = x => x[0].log1p(),
        ["sin"] = x => x[0].sin(),
        ["cos"] = x => x[0].cos(),
        ["tanh"] = x => x[0].tanh(),
        ["sigmoid"] = x => x[0].sigmoid(),
        ["relu"] = x => F.relu(x[0]),
        ["relu6"] = x => F.relu6(x[0]),
        ["clamp"] = x => x[0].clamp(-1, 0.5),
        ["maximum"] = x => x[0].maximum(x[1]),
        ["minimum"] = x => x[0].minimum(x[1]),
        ["masked_fill"] = x => x[0].masked_fill(x[0] > 0, -3),
        ["where"] = x => where(x[0] > x[1], x[0], x[1] * 2),
        ["softmax"] = x => x[0].softmax(1),
        ["log_softmax"] = x => F.log_softmax(x[0], -1),
        ["sum"] = x => x[0].sum(),
        ["sum_dims"] = x => x[0].sum([0, 2], keepdim: true),
        ["mean"] = x => x[0].mean(),
        ["mean_dims"] = x => x[0].mean([1, 2]),
        ["var"] = x => x[0].var(),
        ["var_dims"] = x => x[0].var([0], unbiased: false, keepdim: true),
        ["std"] = x => x[0].std(1),
        ["prod"] = x => x[0].prod(),
        ["max"] = x => x[0].max(),
        ["max_dim"] = x => x[0].max(1).values,
        ["min_dim"] = x => x[0].min(0).values,
        ["amax"] = x => x[0].amax([1]),
        ["norm"] = x => x[0].norm(),
        ["norm_dim"] = x => x[0].norm(1),
        ["cumsum"] = x => x[0].cumsum(1),
        ["logsumexp"] = x => x[0].logsumexp(1),
        ["sort"] = x => x[0].sort(descending: true).Values,
        ["topk"] = x => x[0].topk(3).values,
        ["matmul"] = x => x[0].matmul(x[1]),
        ["mm"] = x => x[0].mm(x[1]),
        ["mv"] = x => x[0].mv(x[1]),
        ["bmm"] = x => x[0].bmm(x[1]),
        ["dot"] = x => x[0].dot(x[1]),
        ["outer"] = x => outer(x[0], x[1]),
        ["addmm"] = x => x[0].addmm(x[1], x[2], beta: 0.5f, alpha: 2),
        ["einsum"] = x => einsum("ij,jk->ki", x[0], x[1]),
        ["view"] = x => x[0].view(3, -1) * x[0].view(3, 4),
        ["reshape"] = x => x[0].t().reshape(4, 3),
        ["flatten"] = x => x[0].flatten(1),
        ["permute"] = x => x[0].permute(2, 0, 1),
        ["transpose"] = x => x[0].transpose(1, 2),
        ["squeeze"] = x => x[0].squeeze(1),
        ["unsqueeze"] = x => x[0].unsqueeze(1),
        ["expand"] = x => x[0].expand(2, 3),
        ["repeat"] = x => x[0].repeat(1, 2),
        ["repeat_interleave"] = x => x[0].repeat_interleave(2, dim: 0),
        ["flip"] = x => x[0].flip(1),
        ["roll"] = x => x[0].roll(1, 1),
        ["cat"] = x => cat([x[0], x[1]], 0),
        ["stack"] = x => stack([x[0], x[1]], 1),
        ["split"] = x => cat(x[0].split(2).AsEnumerable().Reverse().ToArray()),
        ["chunk"] = x => x[0].chunk(2)[1],
        ["unbind"] = x => x[0].unbind()[2],
        ["select"] = x => x[0][1],
        ["slice"] = x => x[0][1..^1, TensorIndex.Slice(step: 2)],
        ["narrow"] = x => x[0].narrow(1, 1, 3),
        ["index"] = x => x[0][TensorIndex.Tensor(x[1])],
        ["index_column"] = x => x[0][TensorIndex.Colon, x[1]],
        ["index_ellipsis"] = x => x[0][TensorIndex.Ellipsis, TensorIndex.None, 0],
        ["index_select"] = x => x[0].index_select(1, x[1]),
        ["gather"] = x => x[0].gather(1, x[1]),
        ["masked_select"] = x => x[0].masked_select(x[0] > 0),
        ["clone"] = x => x[0].clone() * x[0].detach(),
        ["to_double"] = x => x[0].to(float64) * 2,
        ["linear"] = x => F.linear(x[0], x[1], x[2]),
        ["conv2d"] = x => F.conv2d(x[0], x[1], x[2], [2, 2], [1, 1], groups: 2),
        ["conv2d_dilated"] = x => F.conv2d(x[0], x[1], dilation: [2, 2]),
        ["conv2d_same"] = x => F.conv2d_padding(x[0], x[1], padding: Padding.Same),
        ["max_pool2d"] = x => F.max_pool2d(x[0], 3, 2, 1),
        ["max_pool2d_ceil"] = x => F.max_pool2d(x[0], 2, ceil_mode: true),
        ["avg_pool2d"] = x => F.avg_pool2d(x[0], 3, 2, 1),
        ["avg_pool2d_inside"] = x => F.avg_pool2d(x[0], [3, 3], [1, 1], [1, 1], count_include_pad: false),
        ["adaptive_avg_pool2d"] = x => F.adaptive_avg_pool2d(x[0], [2, 3]),
        ["interpolate_nearest"] = x => F.interpolate(x[0], [6, 5]),
        ["interpolate_bilinear"] = x => F.interpolate(x[0], [7, 6], mode: InterpolationMode.Bilinear, align_corners: false),
        ["interpolate_factor"] = x => F.interpolate(x[0], scale_factor: [2, 2], mode: InterpolationMode.Bilinear, align_corners: true),
        ["interpolate_bicubic"] = x => F.interpolate(x[0], [6, 6], mode: InterpolationMode.Bicubic, align_corners: false),
        ["pad"] = x => F.pad(x[0], [1, 2, 0, 1], value: 0.5),
        ["pad_reflect"] = x => F.pad(x[0], [1, 1, 2, 0], PaddingModes.Reflect),
        ["batch_norm_eval"] = x => F.batch_norm(x[0], tensor([0.1f, -0.2f]), tensor([0.5f, 1.5f]), x[1], x[2], eps: 1e-3),
        ["dropout_eval"] = x => F.dropout(x[0], 0.4, training: false),
        ["cross_entropy"] = x => F.cross_entropy(x[0], x[1]),
        ["cross_entropy_smooth"] = x => F.cross_entropy(x[0], x[1], label_smoothing: 0.1, reduction: nn.Reduction.Sum),
        ["cross_entropy_each"] = x => F.cross_entropy(x[0], x[1], reduction: nn.Reduction.None),
        ["nll_loss"] = x => F.nll_loss(x[0].log_softmax(1), x[1]),
        ["mse_loss"] = x => F.mse_loss(x[0], x[1]),
        ["one_hot"] = x => F.one_hot(x[0], 4).to(float32),
    };

    public static TheoryData<string> Names => [.. Goldens.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Values_and_gradients_are_PyTorchs(string name)
    {
        using var scope = NewDisposeScope();
        var golden = Goldens[name];
        var inputs = golden.Inputs.Select(input => input.AsTensor()).ToArray();
        var output = Operators[name](inputs);
        golden.Output.ShouldEqual(output);
        if (golden.Cotangent is null)
        {
            return;
        }
        (output * golden.Cotangent.AsTensor(output.dtype)).sum().backward();
        foreach (var (input, expected) in inputs.Zip(golden.Inputs))
        {
            expected.Gradient?.ShouldEqual(input.grad!, what: "gradient");
        }
    }

    [Fact]
    public void Every_golden_has_its_operator() => Operators.Keys.Order(StringComparer.Ordinal).ShouldBe(Goldens.Keys.Order(StringComparer.Ordinal));

    private sealed record Input(long[] Shape, double[] Values, bool Integer, Golden? Gradient)
    {
        public Tensor AsTensor() => new Golden(Shape, Values).AsTensor(Integer ? int64 : float32).requires_grad_(!Integer);
    }

    private sealed record Case(Golden Output, Golden? Cotangent, Input[] Inputs);
}
