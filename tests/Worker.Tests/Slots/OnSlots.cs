using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Worker.Slots;
using NeuralCapacitance.Worker.Tests.TorchScript;
using NeuralCapacitance.Worker.Tests.Training;

namespace NeuralCapacitance.Worker.Tests.Slots;

/// <summary>Tests of real processes, each with a folder of its own.</summary>
public abstract class OnSlots : IDisposable
{
    private protected readonly Trials trials = new();
    private protected readonly TrialSlots slots;

    protected OnSlots() => slots = Slots();

    public void Dispose()
    {
        slots.Dispose();
        trials.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected static IEnumerable<Observation> Numbers(RecordingListener listener) => listener.Numbers.Select(o => o with { TrialId = Guid.Empty });

    private protected TrialSlots Slots(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddConfiguration(trials.Configuration).AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value))).Build();
        return new(configuration, NullLoggerFactory.Instance, TimeProvider.System, Guards.Of(configuration));
    }

    private protected List<int> Processes() => SlotProcesses.In(trials.Folder);
}
