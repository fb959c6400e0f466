using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Worker.Slots;
using NeuralCapacitance.Worker.Tests.Slots;
using NeuralCapacitance.Worker.Tests.Training;
using NeuralCapacitance.Worker.TorchScript;
using NeuralCapacitance.Worker.Training;

namespace NeuralCapacitance.Worker.Tests.TorchScript;

/// <summary>Tests of users' own models, each with a folder of its own.</summary>
public abstract class InSandbox : IDisposable
{
    private protected readonly Trials trials = new();

    public void Dispose()
    {
        trials.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected TrialPlan Scripted(string end, int epochs)
    {
        Directory.CreateDirectory(trials.Artifacts.Root);
        File.Delete(Path.Combine(trials.Artifacts.Root, "mine.pt"));
        ScriptFile.Write(Path.Combine(trials.Artifacts.Root, "mine.pt"), end);
        return trials.Plan(epochs) with { Candidate = new CandidateSpec { Name = "mine", Backbone = "torchscript", Weights = "file:mine.pt", Module = "features" } };
    }

    private protected TrialSlots Slots(bool sandboxed, params (string Key, string Value)[] more)
        => sandboxed ? Slots(Bubblewrap.Find(out _), more) : Slots(tool: null, [.. more, ("Worker:TorchScriptWithoutSandbox", "true")]);

    private protected TrialSlots Slots(Bubblewrap? tool, params (string Key, string Value)[] more)
    {
        var configuration = new ConfigurationBuilder().AddConfiguration(trials.Configuration).AddInMemoryCollection(more.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value))).Build();
        return new(configuration, NullLoggerFactory.Instance, TimeProvider.System, Guards.Of(configuration, () => (tool, tool is null ? "bubblewrap is not here." : null)));
    }
}
