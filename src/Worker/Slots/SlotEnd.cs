using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Worker.Training;

namespace NeuralCapacitance.Worker.Slots;

/// <summary>How a slot's process came to its end in the middle of a trial.</summary>
/// <param name="What">Completes "its process …".</param>
/// <param name="Code">Of <see cref="FailureCodes"/>, of a trial that ends so twice.</param>
internal sealed record SlotEnd(string What, string Code)
{
    private const int OfSignals = 128;
    private const int Kill = 9;

    /// <summary>Those that Linux sends to a process for what its code does, by number. macOS has another number for SIGBUS.</summary>
    private static readonly Dictionary<int, string> Crashes = new()
    {
        [4] = "SIGILL",
        [6] = "SIGABRT",
        [7] = "SIGBUS",
        [8] = "SIGFPE",
        [11] = "SIGSEGV",
    };

    /// <param name="status">As .NET tells it: 128 + the signal on Unix, negative for an exception on Windows.</param>
    /// <param name="kernelKilled">Whether the kernel has ended a process for lack of memory meanwhile; null: it does not tell.</param>
    public static SlotEnd Of(int status, bool? kernelKilled) => status switch
    {
        OfSignals + Kill => OfKill(kernelKilled),
        < 0 => new($"crashed in native code (0x{status:X8})", FailureCodes.Crashed),
        _ when Crashes.TryGetValue(status - OfSignals, out var signal) => new($"crashed in native code ({signal})", FailureCodes.Crashed),
        > OfSignals => new($"was ended by signal {status - OfSignals} from outside", FailureCodes.Killed),
        _ => new($"ended by itself with status {status}", FailureCodes.Internal),
    };

    /// <summary>Of a trial that could not be run.</summary>
    public Failure FailureOf(TrialPlan plan) => new(Code, $"{plan.Candidate.Name}: its process {What}, and did so again when the trial was tried once more. {WhatToDo(plan)}");

    private static SlotEnd OfKill(bool? kernelKilled) => kernelKilled switch
    {
        true => new("was ended by the kernel: out of memory", FailureCodes.OutOfMemory),
        false => new("was killed from outside (SIGKILL); the kernel has ended no process for lack of memory", FailureCodes.Killed),
        null => new("was killed from outside (SIGKILL), perhaps by the kernel for lack of memory: this system does not tell", FailureCodes.Killed),
    };

    private string WhatToDo(TrialPlan plan) => Code switch
    {
        FailureCodes.OutOfMemory => TrialFailures.HowToNeedLess(plan.Spec),
        FailureCodes.Crashed => "A file that libtorch cannot digest is the likeliest cause: see whether PyTorch loads it, and save it again. The worker's log has what the process printed.",
        FailureCodes.Killed => "Look who ends processes on this machine; if memory runs short, " + LowerCase(TrialFailures.HowToNeedLess(plan.Spec)),
        _ => "The worker's log has what the process printed.",
    };

    private static string LowerCase(string sentence) => char.ToLowerInvariant(sentence[0]) + sentence[1..];
}

/// <summary>The process that ran a trial is gone, and the trial is not over.</summary>
/// <param name="observed">Epochs that it had brought further.</param>
internal sealed class SlotEndedException(SlotEnd end, int observed) : Exception($"The trial's process {end.What}.")
{
    public SlotEnd End { get; } = end;

    public int Observed { get; } = observed;
}

/// <summary>A slot's process ended before it was ready, or said that no trial can run.</summary>
internal sealed class SlotUnfitException(IReadOnlyList<string> faults) : Exception(string.Join(' ', faults))
{
    /// <summary>Sentences.</summary>
    public IReadOnlyList<string> Faults { get; } = faults;
}

/// <summary>What a trial failed of in its process, as it is there: with its stack.</summary>
internal sealed class DistantException(string text) : Exception(text)
{
    public override string ToString() => Message;
}
