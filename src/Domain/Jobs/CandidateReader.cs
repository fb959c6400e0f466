using System.Text.Json;
using NeuralCapacitance.Domain.Backbones;

namespace NeuralCapacitance.Domain.Jobs;

/// <summary>Reads <c>candidates</c>: backbone names, or objects with <c>backbone</c>, <c>weights</c>, <c>name</c> and, for TorchScript, <c>module</c>.</summary>
internal sealed class CandidateReader(IBackboneCatalogue backbones, IWeightsStore? store, IWeightsCheck? check)
{
    private const int Most = 200;

    private const string Accepted = "a list of 2 to 200 candidates: names of backbones, or objects with `backbone`, `weights`, `name`";

    private const string OtherWays = "the file in its place, or an object with `\"weights\": \"random\"` or `\"weights\": \"file:PATH\"`";

    private const string AcceptedScript = "file:PATH of a TorchScript file below the artifact root or a data root";

    private const int LongestWeights = 4_096;

    /// <summary>The longest NAS-Bench-201 cell takes 107.</summary>
    private const int LongestBackbone = 200;

    public List<CandidateSpec> Read(SpecObject root)
    {
        if (!root.Has("candidates")) root.Fault("candidates", null, "is missing", Accepted);
        if (root.List("candidates", Accepted) is not { } items) return [];
        if (items.Count is < 2 or > Most) root.Fault("candidates", null, $"has {items.Count} candidates", Accepted);
        if (items.Count > Most) return [];

        var read = new List<(string Path, JsonElement Given, CandidateSpec Spec)>();
        foreach (var (path, element) in items.Items())
        {
            if (ReadOne(root, path, element) is not { } candidate) continue;
            if (read.Find(c => string.Equals(c.Spec.Name, candidate.Name, StringComparison.Ordinal)).Path is { } twin)
                root.Fault(path, element, $"has the same name as {twin}, '{candidate.Name}'", "a `name` of its own for each candidate");
            read.Add((path, element, candidate));
        }
        if (items.Faults.IsFull) return [];
        CheckPublished(root, read);
        CheckFiles(root, read);
        return [.. read.Select(c => c.Spec)];
    }

    /// <summary>All at once, since the store may have to ask servers.</summary>
    private void CheckPublished(SpecObject root, List<(string Path, JsonElement Given, CandidateSpec Spec)> read)
    {
        var published = read.FindAll(c => c.Spec.Weights is BackboneInfo.PublishedKind);
        if (store is null || published.Count == 0) return;
        var reasons = store.WhyUnavailable([.. published.Select(c => backbones.Find(c.Spec.Backbone)!.Imagenet!)]);
        foreach (var (candidate, reason) in published.Zip(reasons))
        {
            if (reason is not null) Unavailable(root, candidate.Path, candidate.Given, reason);
        }
    }

    /// <summary>All at once, since a process may have to be asked what the backbones are made of.</summary>
    private void CheckFiles(SpecObject root, List<(string Path, JsonElement Given, CandidateSpec Spec)> read)
    {
        var files = read.FindAll(c => c.Spec.IsFromFile);
        if (check is null || files.Count == 0) return;
        foreach (var (candidate, reason) in files.Zip(check.WhyUnusable([.. files.Select(c => c.Spec)])))
        {
            if (reason is null) continue;
            root.Obstacle(
                $"{candidate.Path}.weights", candidate.Given.GetProperty("weights"), $"cannot be used by candidate '{candidate.Spec.Name}': {reason}",
                candidate.Spec.Backbone is TorchScriptBackbone.Name ? AcceptedScript : $"a file with weights of {candidate.Spec.Backbone}, as safetensors, PyTorch's or Keras'");
        }
    }

    private static void Unavailable(SpecObject root, string path, JsonElement given, string reason)
    {
        var isText = given.ValueKind == JsonValueKind.String;
        if (!isText && given.TryGetProperty("weights", out var weights) && weights.ValueKind != JsonValueKind.Null)
            root.Obstacle($"{path}.weights", weights, $"is not available: {reason}", "the file in its place, or `random`, or `file:PATH`");
        else
            root.Obstacle(isText ? path : $"{path}.weights", isText ? given : null, $"says no other `weights`, so the published ones are wanted; they are not available: {reason}", OtherWays);
    }

    private CandidateSpec? ReadOne(SpecObject root, string path, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                var backbone = root.TextOf(path, element, LongestBackbone, "the name of a backbone");
                if (IsScript(backbone))
                    root.Fault(path, element, "needs the file that holds the network", TorchScriptBackbone.Pattern.Example);
                else if (backbone is not null && Find(root, path, element, backbone) is { } info)
                    return new CandidateSpec { Name = NameOf(info.Name, info.DefaultWeights), Backbone = info.Name, Weights = info.DefaultWeights };
                return null;
            case JsonValueKind.Object:
                return root.Item(path, element, ReadObject);
            default:
                root.Fault(path, element, $"is {SpecObject.KindOf(element)}", "the name of a backbone, or an object with `backbone`, `weights`, `name`");
                return null;
        }
    }

    private CandidateSpec? ReadObject(SpecObject section)
    {
        var given = section.Take("backbone");
        if (given is null) section.Fault(section.PathOf("backbone"), null, "is missing", "the name of a backbone");
        var backbone = section.Text("backbone", LongestBackbone, "the name of a backbone");
        if (IsScript(backbone)) return ReadScript(section);
        var info = backbone is null ? null : Find(section, section.PathOf("backbone"), given, backbone);
        var weights = ReadWeights(section, info);
        var name = ReadName(section, NameOf(info?.Name ?? backbone, weights));
        if (section.Take("module") is { } module)
            section.Fault(section.PathOf("module"), module, $"is for the backbone {TorchScriptBackbone.Name} only", "no `module`");
        section.RejectUnknownFields();
        return info is null || weights is null ? null : new CandidateSpec { Name = name, Backbone = info.Name, Weights = weights };
    }

    /// <summary>A network of the user's own: the file is required, and holds the weights too.</summary>
    private CandidateSpec? ReadScript(SpecObject section)
    {
        var path = section.PathOf("weights");
        var given = section.Take("weights");
        var weights = section.Text("weights", LongestWeights, AcceptedScript);
        if (given is null)
        {
            section.Fault(path, null, "is missing", AcceptedScript);
        }
        else if (weights is not null && !IsFile(ref weights))
        {
            section.Fault(path, given, "names no file", AcceptedScript);
            weights = null;
        }
        else if (weights is not null && !Resolves(section, path, given.Value, weights, AcceptedScript))
        {
            weights = null;
        }

        var module = section.Text("module", 1_000, "the dotted name of a submodule");
        var name = ReadName(section, $"{TorchScriptBackbone.Name}@{weights}{(module is null ? "" : "#" + module)}");
        section.RejectUnknownFields();
        return weights is null ? null : new CandidateSpec { Name = name, Backbone = TorchScriptBackbone.Name, Weights = weights, Module = module };
    }

    private static bool IsScript(string? backbone) => string.Equals(backbone, TorchScriptBackbone.Name, StringComparison.OrdinalIgnoreCase);

    /// <param name="weights">Gets the prefix as it is written everywhere else.</param>
    private static bool IsFile(ref string weights)
    {
        if (!weights.StartsWith(CandidateSpec.FilePrefix, StringComparison.OrdinalIgnoreCase)) return false;
        weights = CandidateSpec.FilePrefix + weights[CandidateSpec.FilePrefix.Length..];
        return true;
    }

    private static string NameOf(string? backbone, string? weights) => weights is BackboneInfo.RandomKind ? $"{backbone}" : $"{backbone}@{weights}";

    /// <param name="standard">What it is called anyway, however long: a resolved spec says so, and can be posted again.</param>
    private static string ReadName(SpecObject section, string standard)
        => section.Take("name") is { ValueKind: JsonValueKind.String } given && given.ValueEquals(standard) ? standard : section.Text("name", 200, "a text of 1 to 200 characters") ?? standard;

    private BackboneInfo? Find(SpecObject section, string path, JsonElement? given, string backbone)
    {
        if ((backbones.Find(backbone) ?? backbones.All.FirstOrDefault(b => string.Equals(b.Name, backbone, StringComparison.OrdinalIgnoreCase))) is { } info) return info;
        if (backbones.Explain(backbone) is { } fault)
        {
            section.Fault(path, given, fault.Problem, fault.Accepted);
            return null;
        }
        List<string> names = [.. backbones.All.Select(b => b.Name), .. backbones.Patterns.Select(p => p.Name)];
        section.Fault(path, given, "is no known backbone" + SpecObject.Suggestion(backbone, names), string.Join(", ", names));
        return null;
    }

    /// <summary>Null: there was a fault.</summary>
    private string? ReadWeights(SpecObject section, BackboneInfo? info)
    {
        if (section.Take("weights") is not { } given) return info?.DefaultWeights;
        var path = section.PathOf("weights");
        IReadOnlyList<string> kinds = info?.Weights ?? [BackboneInfo.RandomKind, "file"];
        var accepted = string.Join(", ", kinds.Select(kind => kind is "file" ? CandidateSpec.FilePrefix + "PATH" : kind));
        if (section.TextOf(path, given, LongestWeights, accepted) is not { } weights) return null;

        var isFile = IsFile(ref weights);
        weights = isFile ? weights : kinds.FirstOrDefault(kind => string.Equals(kind, weights, StringComparison.OrdinalIgnoreCase)) ?? weights;
        if (!kinds.Contains(isFile ? "file" : weights, StringComparer.Ordinal))
        {
            var problem = weights is BackboneInfo.PublishedKind
                ? $"is not available{(info is null ? "" : $" for {info.Name}")} in this version"
                : "is unknown" + SpecObject.Suggestion(weights, kinds);
            section.Fault(path, given, problem, accepted);
            return null;
        }
        return isFile && !Resolves(section, path, given, weights, "file:PATH of a safetensors, PyTorch or Keras file below the artifact root or a data root") ? null : weights;
    }

    private bool Resolves(SpecObject section, string path, JsonElement given, string weights, string accepted)
    {
        if (string.IsNullOrWhiteSpace(weights[CandidateSpec.FilePrefix.Length..]))
        {
            section.Fault(path, given, "names no file", accepted);
            return false;
        }
        try
        {
            if (store is not null) FileWeights.Resolve(weights, store.ResolveWeights);
            return true;
        }
        catch (Exception e) when (e is ArgumentException or IOException)
        {
            section.Fault(path, given, e.Message.TrimEnd('.'), accepted);
            return false;
        }
    }
}
