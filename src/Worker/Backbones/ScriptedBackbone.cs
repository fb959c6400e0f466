using System.Runtime.InteropServices;
using System.Security.Cryptography;
using NeuralCapacitance.Domain.Backbones;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Infrastructure.Artifacts;
using NeuralCapacitance.Worker.TorchScript;
using NeuralCapacitance.Worker.Weights;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NeuralCapacitance.Worker.Backbones;

/// <summary>A user's TorchScript module, or one of its submodules, as a backbone. Its parameters and buffers are called <c>model.…</c>.</summary>
internal sealed class ScriptedBackbone : Module<Tensor, Tensor>
{
    private const int NamesShown = 20;
    private const int LongestName = 60;

    private readonly jit.ScriptModule model;
    private readonly string title;

    /// <summary>Of the features; null: not measured yet.</summary>
    private int? width;

    private ScriptedBackbone(jit.ScriptModule model, string title)
        : base(nameof(ScriptedBackbone))
    {
        this.model = model;
        this.title = title;
        Register();
    }

    /// <exception cref="WeightsException">There is no such file, or it is no TorchScript.</exception>
    /// <exception cref="BackboneException">The module cannot give features or cannot be trained; the message says why.</exception>
    public static BeheadedNetwork Load(CandidateSpec candidate, int imageSize, ArtifactStore artifacts, TorchScriptPolicy policy)
    {
        var (model, digest) = Open(candidate, artifacts, policy);
        var backbone = new ScriptedBackbone(Submodule(model, candidate), Title(candidate));
        try
        {
            if (!backbone.parameters().Any(parameter => parameter.requires_grad))
            {
                throw new BackboneException(
                    $"{backbone.title} has no parameter that can be trained. Save it with torch.jit.script or torch.jit.trace while its parameters "
                    + "require gradients, and not after torch.jit.freeze or torch.jit.optimize_for_inference.");
            }
            if (backbone.parameters().FirstOrDefault(parameter => parameter.requires_grad && parameter.dtype != ScalarType.Float32) is { } other)
            {
                throw new BackboneException($"{backbone.title} has {other.dtype} parameters to train; Float32 is needed: call .float() before it is saved.");
            }
            var size = new InputSize(imageSize, imageSize);
            return new(backbone, backbone.MeasureWidth(imageSize), size, PixelScaling.ImageNet, TorchScriptBackbone.Name, digest);
        }
        catch
        {
            backbone.Dispose();
            throw;
        }
    }

    /// <summary>Maps are averaged over the image.</summary>
    /// <exception cref="BackboneException">
    /// The script fails in this mode or on so many images, though it gave features in eval mode. libtorch's error is kept inside: the device may be to blame.
    /// </exception>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var output = Call(input);
        var features = output.dim() == 4 ? output.mean([2, 3]) : output;
        if (features.dim() != 2 || features.shape[0] != input.shape[0] || features.shape[1] != width)
        {
            throw new BackboneException(
                $"{title} turns {Describe(input)} into a tensor of shape [{string.Join(", ", output.shape)}]; one row of {width} features for each image is needed.");
        }
        return features.MoveToOuterDisposeScope();
    }

    public override void train(bool train = true)
    {
        base.train(train);
        model.train(train);
    }

    protected override nn.Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking)
    {
        model.to(deviceType, deviceIndex, non_blocking: non_blocking);
        return base._to(deviceType, deviceIndex, non_blocking);
    }

    protected override nn.Module _to(ScalarType dtype, bool non_blocking)
    {
        model.to(dtype, non_blocking: non_blocking);
        return base._to(dtype, non_blocking);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing) model.Dispose();
    }

    /// <summary>
    /// The script's parameters and buffers, not the script: TorchSharp makes new objects of its submodules whenever they are asked for, and cannot dispose a
    /// module that has one. A parameter that two layers share has two names there; as in PyTorch, the first counts.
    /// </summary>
    private void Register()
    {
        var seen = new HashSet<(IntPtr, string)>();
        foreach (var (name, parameter) in model.named_parameters())
        {
            if (seen.Add((parameter.storage<float>().data_ptr(), string.Join('×', parameter.shape)))) register_parameter($"model.{name}", parameter);
        }
        foreach (var (name, buffer) in model.named_buffers()) register_buffer($"model.{name}", buffer);
    }

    private Tensor Call(Tensor input)
    {
        try
        {
            var output = model.call(input);
            return output as Tensor ?? throw new BackboneException($"{title} does not turn {Describe(input)} into one tensor: it returns {Kind(output)}.");
        }
        catch (ExternalException e)
        {
            throw new BackboneException($"{title} does not turn {Describe(input)} into one tensor: {ModelWords.Quote(e.Message)}", e);
        }
    }

    private static string Kind(object? output) => output switch
    {
        null => "nothing",
        System.Runtime.CompilerServices.ITuple tuple => $"a tuple of {tuple.Length}",
        Array list => $"a list of {list.Length}",
        _ => "something else",
    };

    private string Describe(Tensor input) => $"{input.shape[0]} images of {string.Join('×', input.shape[1..])} (float32, {(training ? "train" : "eval")} mode)";

    private static string PathOf(string weights, ArtifactStore artifacts)
    {
        try
        {
            return artifacts.ResolveWeights(weights[CandidateSpec.FilePrefix.Length..]);
        }
        catch (ArgumentException e)
        {
            throw new WeightsException(e.Message, e);
        }
    }

    /// <summary>What is judged and what runs is one copy: a file that is replaced meanwhile does not pass for the one that was allowed.</summary>
    private static (jit.ScriptModule Model, string Digest) Open(CandidateSpec candidate, ArtifactStore artifacts, TorchScriptPolicy policy)
    {
        var weights = candidate.Weights;
        var copy = Path.GetTempFileName();
        try
        {
            var digest = Copy(PathOf(weights, artifacts), copy);
            if (!policy.Allows(digest)) throw new BackboneException($"'{weights}' is refused: {TorchScriptPolicy.Refusal(digest)}.");
            return (jit.load(copy), digest);
        }
        catch (ExternalException e)
        {
            throw new WeightsException(
                $"'{weights}' is no TorchScript file that this libtorch can read: {ModelWords.Quote(e.Message)} Save one with torch.jit.script(model).save(path); "
                + "a file of torch.save holds no network.", e);
        }
        finally
        {
            File.Delete(copy);
        }
    }

    /// <returns>SHA-256 of what was copied, lower-case hexadecimal.</returns>
    private static string Copy(string from, string to)
    {
        const int BufferBytes = 1 << 20;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var source = File.OpenRead(from);
        using var target = File.Create(to);
        var buffer = new byte[BufferBytes];
        while (source.Read(buffer) is > 0 and var count)
        {
            hash.AppendData(buffer, 0, count);
            target.Write(buffer, 0, count);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Takes the root over: it is disposed unless it is the result.</summary>
    private static jit.ScriptModule Submodule(jit.ScriptModule root, CandidateSpec candidate)
    {
        if (candidate.Module is not { } name)
        {
            return root;
        }
        var descendants = root.named_modules().ToList();
        var found = descendants.Find(descendant => string.Equals(descendant.name, name, StringComparison.Ordinal)).module;
        foreach (var (_, module) in descendants)
        {
            if (!ReferenceEquals(module, found))
                module.Dispose();
        }
        root.Dispose();
        return (jit.ScriptModule?)found ?? throw new BackboneException(
            $"'{candidate.Weights}' has no submodule '{name}'. "
            + (descendants.Count == 0 ? "It has none at all." : $"It has: {string.Join(", ", descendants.Take(NamesShown).Select(descendant => ModelWords.OneLine(descendant.name, LongestName)))}"
                + (descendants.Count > NamesShown ? $" and {descendants.Count - NamesShown} more." : ".")));
    }

    /// <summary>What two black images become, in eval mode, which leaves running statistics and random numbers alone.</summary>
    private int MeasureWidth(int imageSize)
    {
        const int Images = 2;
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        eval();
        var output = Call(zeros(Images, 3, imageSize, imageSize));
        train();

        var shape = output.shape;
        if (shape.Length is not (2 or 4) || shape[0] != Images || shape[1] < 1)
        {
            throw new BackboneException(
                $"{title} turns {Images} images of 3×{imageSize}×{imageSize} into a tensor of shape [{string.Join(", ", shape)}]; "
                + "N×F features or N×C×H×W maps are needed. Name a submodule in `module` whose output is one of these.");
        }
        width = output.dtype == ScalarType.Float32
            ? (int)shape[1]
            : throw new BackboneException($"{title} returns {output.dtype} numbers; Float32 is needed.");
        return width.Value;
    }

    private static string Title(CandidateSpec candidate) =>
        candidate.Module is null ? $"'{candidate.Weights}'" : $"Submodule '{candidate.Module}' of '{candidate.Weights}'";
}
