using Microsoft.Extensions.Options;
using NeuralCapacitance.Worker.Hosting;

namespace NeuralCapacitance.Worker.Slots;

/// <summary>In the worker: a process for trials looks at the settings, with libtorch loaded, and this one reports every fault that it finds.</summary>
internal sealed class SlotValidation(TrialSlots slots) : IValidateOptions<WorkerOptions>
{
    public ValidateOptionsResult Validate(string? name, WorkerOptions options)
        => slots.Faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(slots.Faults);
}
