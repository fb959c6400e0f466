using TorchSharp.Native;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>
/// g += weight_decay · p; buffer = momentum · buffer + (1 − dampening) · g (the first time: g); p −= lr · buffer
/// (Nesterov: p −= lr · (g + momentum · buffer)), as PyTorch's SGD.
/// </summary>
public sealed class SGD : OptimizerHelper
{
    public SGD(
        IEnumerable<Parameter> parameters, double lr, double momentum = 0.0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false)
    {
        Require(lr, lr >= 0, nameof(lr), "at least 0");
        Require(momentum, momentum >= 0, nameof(momentum), "at least 0");
        Require(weight_decay, weight_decay >= 0, nameof(weight_decay), "at least 0");
        if (nesterov && (momentum <= 0 || dampening != 0))
        {
            throw new ArgumentException("Nesterov momentum requires a momentum and zero dampening", nameof(nesterov));
        }
        var options = new Options
        {
            LearningRate = lr,
            momentum = momentum,
            dampening = dampening,
            weight_decay = weight_decay,
            nesterov = nesterov,
            maximize = maximize,
        };
        AddGroup(parameters, options, parameter => new State(parameter));
    }

    private protected override void Update(OptimizerOptions options, Tensor[] parameters, Tensor[] gradients, OptimizerState[] states)
    {
        var settings = (Options)options;
        foreach (var peers in Enumerable.Range(0, states.Length).GroupBy(k => settings.momentum != 0 && ((State)states[k]).momentum_buffer is null))
        {
            int[] members = [.. peers];
            Step(settings, Pick(parameters, members), Pick(gradients, members), [.. members.Select(k => (State)states[k])], isFirst: peers.Key);
        }
    }

    private static void Step(Options settings, Tensor[] parameters, Tensor[] gradients, State[] states, bool isFirst)
    {
        Tensor[]? buffers = settings.momentum == 0 || isFirst ? null : [.. states.Select(state => state.momentum_buffer!)];
        if (!isFirst && Fused.Sgd(parameters, gradients, buffers, settings.AsNative()))
        {
            return;
        }
        var direction = settings.maximize ? Foreach.Neg(gradients) : gradients;
        if (settings.weight_decay != 0)
        {
            direction = Foreach.Add(direction, parameters, settings.weight_decay);
        }
        if (isFirst)
        {
            for (var k = 0; k < states.Length; k++)
            {
                states[k].momentum_buffer = direction[k].clone().DetachFromDisposeScope();
            }
            buffers = [.. states.Select(state => state.momentum_buffer!)];
        }
        else if (buffers is not null)
        {
            Foreach.MulInPlace(buffers, settings.momentum);
            Foreach.AddInPlace(buffers, direction, 1 - settings.dampening);
        }
        if (buffers is not null)
        {
            direction = settings.nesterov ? Foreach.Add(direction, buffers, settings.momentum) : buffers;
        }
        Foreach.AddInPlace(parameters, direction, -settings.LearningRate!.Value);
    }

    public sealed class Options : OptimizerOptions
    {
        public double momentum { get; set; }

        public double dampening { get; set; }

        public double weight_decay { get; set; }

        public bool nesterov { get; set; }

        public bool maximize { get; set; }

        internal NativeSgd AsNative() => new()
        {
            LearningRate = LearningRate!.Value,
            Momentum = momentum,
            Dampening = dampening,
            WeightDecay = weight_decay,
            Nesterov = nesterov ? 1 : 0,
            Maximize = maximize ? 1 : 0,
        };

        public override void SaveStateDict(BinaryWriter writer)
        {
            base.SaveStateDict(writer);
            writer.Write(momentum);
            writer.Write(dampening);
            writer.Write(weight_decay);
            writer.Write(nesterov);
            writer.Write(maximize);
        }

        public override void LoadStateDict(BinaryReader reader)
        {
            base.LoadStateDict(reader);
            momentum = reader.ReadDouble();
            dampening = reader.ReadDouble();
            weight_decay = reader.ReadDouble();
            nesterov = reader.ReadBoolean();
            maximize = reader.ReadBoolean();
        }
    }

    public sealed class State : OptimizerState
    {
        private readonly Parameter parameter;

        internal State(Parameter parameter) => this.parameter = parameter;

        /// <summary>Null before the first step with momentum.</summary>
        public Tensor? momentum_buffer { get; set; }

        public override void SaveStateDict(BinaryWriter writer) => SaveOptional(writer, momentum_buffer);

        public override void LoadStateDict(BinaryReader reader) => momentum_buffer = LoadOptional(reader, momentum_buffer, parameter);

        protected override void Dispose(bool disposing) => momentum_buffer?.Dispose();
    }
}
