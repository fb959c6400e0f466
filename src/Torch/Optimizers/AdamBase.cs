using TorchSharp.Native;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>
/// m = β₁ m + (1 − β₁) g; v = β₂ v + (1 − β₂) g²; p −= lr / (1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε), as PyTorch's Adam and AdamW,
/// which differ in the weight decay only.
/// </summary>
public abstract class AdamBase : OptimizerHelper
{
    private protected AdamBase(
        IEnumerable<Parameter> parameters, double lr, double beta1, double beta2, double eps, double weight_decay, bool amsgrad, bool maximize)
    {
        Require(lr, lr >= 0, nameof(lr), "at least 0");
        Require(eps, eps >= 0, nameof(eps), "at least 0");
        Require(beta1, beta1 is >= 0 and < 1, nameof(beta1), "at least 0 and below 1");
        Require(beta2, beta2 is >= 0 and < 1, nameof(beta2), "at least 0 and below 1");
        Require(weight_decay, weight_decay >= 0, nameof(weight_decay), "at least 0");
        var options = new Options
        {
            LearningRate = lr,
            beta1 = beta1,
            beta2 = beta2,
            eps = eps,
            weight_decay = weight_decay,
            amsgrad = amsgrad,
            maximize = maximize,
        };
        AddGroup(parameters, options, parameter => new State(parameter, amsgrad));
    }

    /// <summary>Whether weight decay shrinks the parameters instead of joining the gradient.</summary>
    private protected abstract bool IsDecoupled { get; }

    private protected override void Update(OptimizerOptions options, Tensor[] parameters, Tensor[] gradients, OptimizerState[] states)
    {
        // Parameters without a gradient in some step lag behind; each number of steps has bias corrections of its own.
        foreach (var peers in Enumerable.Range(0, states.Length).GroupBy(k => ((State)states[k]).step))
        {
            int[] members = [.. peers];
            Step((Options)options, Pick(parameters, members), Pick(gradients, members), [.. members.Select(k => (State)states[k])], peers.Key + 1);
        }
    }

    private void Step(Options options, Tensor[] parameters, Tensor[] gradients, State[] states, long step)
    {
        Tensor[] means = [.. states.Select(state => state.exp_avg)];
        Tensor[] squares = [.. states.Select(state => state.exp_avg_sq)];
        Tensor[]? largest = options.amsgrad ? [.. states.Select(state => state.max_exp_avg_sq!)] : null;
        Array.ForEach(states, state => state.step = step);
        if (Fused.Adam(parameters, gradients, means, squares, largest, options.AsNative(step, IsDecoupled)))
        {
            return;
        }
        var direction = options.maximize ? Foreach.Neg(gradients) : gradients;
        if (options.weight_decay != 0 && IsDecoupled)
        {
            Foreach.MulInPlace(parameters, 1 - (options.LearningRate!.Value * options.weight_decay));
        }
        else if (options.weight_decay != 0)
        {
            direction = Foreach.Add(direction, parameters, options.weight_decay);
        }
        Foreach.MulInPlace(means, options.beta1);
        Foreach.AddInPlace(means, direction, 1 - options.beta1);
        Foreach.MulInPlace(squares, options.beta2);
        Foreach.AddcmulInPlace(squares, direction, direction, 1 - options.beta2);
        for (var k = 0; k < largest?.Length; k++)
        {
            largest[k].copy_(largest[k].maximum(squares[k]));
        }
        var denominators = Foreach.Sqrt(largest ?? squares);
        Foreach.DivInPlace(denominators, Math.Sqrt(1 - Math.Pow(options.beta2, step)));
        Foreach.AddInPlace(denominators, options.eps);
        Foreach.AddcdivInPlace(parameters, means, denominators, -options.LearningRate!.Value / (1 - Math.Pow(options.beta1, step)));
    }

    public sealed class Options : OptimizerOptions
    {
        public double beta1 { get; set; }

        public double beta2 { get; set; }

        public double eps { get; set; }

        public double weight_decay { get; set; }

        public bool amsgrad { get; set; }

        public bool maximize { get; set; }

        internal NativeAdam AsNative(long step, bool isDecoupled) => new()
        {
            LearningRate = LearningRate!.Value,
            Beta1 = beta1,
            Beta2 = beta2,
            Epsilon = eps,
            WeightDecay = weight_decay,
            Step = step,
            Decoupled = isDecoupled ? 1 : 0,
            Maximize = maximize ? 1 : 0,
        };

        public override void SaveStateDict(BinaryWriter writer)
        {
            base.SaveStateDict(writer);
            writer.Write(beta1);
            writer.Write(beta2);
            writer.Write(eps);
            writer.Write(weight_decay);
            writer.Write(amsgrad);
            writer.Write(maximize);
        }

        public override void LoadStateDict(BinaryReader reader)
        {
            base.LoadStateDict(reader);
            beta1 = reader.ReadDouble();
            beta2 = reader.ReadDouble();
            eps = reader.ReadDouble();
            weight_decay = reader.ReadDouble();
            amsgrad = reader.ReadBoolean();
            maximize = reader.ReadBoolean();
        }
    }

    public sealed class State : OptimizerState
    {
        internal State(Parameter parameter, bool amsgrad)
        {
            exp_avg = zeros_like(parameter).DetachFromDisposeScope();
            exp_avg_sq = zeros_like(parameter).DetachFromDisposeScope();
            max_exp_avg_sq = amsgrad ? zeros_like(parameter).DetachFromDisposeScope() : null;
        }

        public long step { get; set; }

        public Tensor exp_avg { get; }

        public Tensor exp_avg_sq { get; }

        public Tensor? max_exp_avg_sq { get; private set; }

        public override void SaveStateDict(BinaryWriter writer)
        {
            writer.Write(step);
            exp_avg.Save(writer);
            exp_avg_sq.Save(writer);
            SaveOptional(writer, max_exp_avg_sq);
        }

        public override void LoadStateDict(BinaryReader reader)
        {
            step = reader.ReadInt64();
            exp_avg.Load(reader);
            exp_avg_sq.Load(reader);
            max_exp_avg_sq = LoadOptional(reader, max_exp_avg_sq, exp_avg_sq);
        }

        protected override void Dispose(bool disposing)
        {
            exp_avg.Dispose();
            exp_avg_sq.Dispose();
            max_exp_avg_sq?.Dispose();
        }
    }
}
