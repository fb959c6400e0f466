using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What all optimizers share: the groups, the state by parameter, saving and loading.</summary>
public abstract class OptimizerHelper : optim.Optimizer
{
    private readonly List<ParamGroup> groups = [];
    private readonly Dictionary<Parameter, OptimizerState> states = new(ReferenceEqualityComparer.Instance);

    public override IEnumerable<optim.ILearningRateController> ParamGroups => groups;

    public override IEnumerable<Parameter> parameters() => groups.SelectMany(group => group.Parameters);

    public override void zero_grad(bool set_to_none = true)
    {
        foreach (var parameter in parameters())
        {
            if (set_to_none)
            {
                parameter.grad = null;
                continue;
            }
            using var gradient = parameter.grad;
            gradient?.zero_();
        }
    }

    public override Tensor? step(Func<Tensor>? closure = null)
    {
        Tensor? loss = null;
        if (closure is not null)
        {
            using var recording = enable_grad();
            loss = closure();
        }
        using var mode = no_grad();
        using var scope = NewDisposeScope();
        foreach (var group in groups)
        {
            var active = group.Parameters.Select(parameter => (Parameter: parameter, Gradient: parameter.grad)).Where(pair => pair.Gradient is not null).ToList();
            if (active.Count > 0)
            {
                Update(
                    group.Options,
                    [.. active.Select(pair => pair.Parameter)],
                    [.. active.Select(pair => pair.Gradient!)],
                    [.. active.Select(pair => states[pair.Parameter])]);
            }
        }
        return loss;
    }

    /// <summary>Options and states in the order of the parameters; the objects are the optimizer's own.</summary>
    public virtual StateDictionary state_dict() =>
        new([.. groups.Select(group => group.Options)], [.. parameters().Select(parameter => states[parameter])]);

    public void save_state_dict(string location)
    {
        using var writer = new BinaryWriter(File.Create(location));
        save_state_dict(writer);
    }

    public void load_state_dict(string location)
    {
        using var reader = new BinaryReader(File.OpenRead(location));
        load_state_dict(reader);
    }

    public void save_state_dict(BinaryWriter writer)
    {
        var state = state_dict();
        writer.Write(GetType().Name);
        writer.Write7BitEncodedInt(state.Options.Count);
        writer.Write7BitEncodedInt(state.State.Count);
        state.Options.ForEach(options => options.SaveStateDict(writer));
        state.State.ForEach(entry => entry.SaveStateDict(writer));
    }

    /// <exception cref="InvalidDataException">The stream holds the state of another kind of optimizer or of other parameters.</exception>
    public void load_state_dict(BinaryReader reader)
    {
        var state = state_dict();
        var saved = (Name: reader.ReadString(), Groups: reader.Read7BitEncodedInt(), Parameters: reader.Read7BitEncodedInt());
        if (saved != (GetType().Name, state.Options.Count, state.State.Count))
        {
            throw new InvalidDataException(
                $"the stream holds the state of {saved.Name} with {saved.Groups} groups and {saved.Parameters} parameters; "
                + $"this is {GetType().Name} with {state.Options.Count} and {state.State.Count}");
        }
        state.Options.ForEach(options => options.LoadStateDict(reader));
        state.State.ForEach(entry => entry.LoadStateDict(reader));
    }

    /// <summary>One step of a group, without recording: all arrays are of one length and in one order.</summary>
    private protected abstract void Update(OptimizerOptions options, Tensor[] parameters, Tensor[] gradients, OptimizerState[] states);

    private protected void AddGroup(IEnumerable<Parameter> parameters, OptimizerOptions options, Func<Parameter, OptimizerState> newState)
    {
        options.InitialLearningRate = options.LearningRate ?? throw new ArgumentException("a group of parameters needs a learning rate", nameof(options));
        var group = new ParamGroup(parameters, options);
        if (group.Parameters.Count == 0)
        {
            throw new ArgumentException("there is no parameter to optimize", nameof(parameters));
        }
        groups.Add(group);
        foreach (var parameter in group.Parameters)
        {
            states.Add(parameter, newState(parameter));
        }
    }

    private protected static Tensor[] Pick(Tensor[] tensors, int[] members) =>
        members.Length == tensors.Length ? tensors : [.. members.Select(k => tensors[k])];

    private protected static double Require(double value, bool valid, string name, string accepted) =>
        valid ? value : throw new ArgumentException($"{name} must be {accepted}; {value} is not", name);

    protected override void Dispose(bool disposing)
    {
        if (!disposing)
        {
            return;
        }
        foreach (var state in states.Values)
        {
            state.Dispose();
        }
    }
}
