using Microsoft.Extensions.Options;

namespace NeuralCapacitance.Worker.TorchScript;

/// <summary>Configuration section <c>Worker</c>, as far as it is about TorchScript. The node that takes jobs reads it too.</summary>
public sealed class TorchScriptOptions
{
    public const string Section = "Worker";

    public const string AllowSetting = $"{Section}:{nameof(AllowTorchScript)}";

    public const string WithoutSandboxSetting = $"{Section}:{nameof(TorchScriptWithoutSandbox)}";

    /// <summary><c>false</c>, <c>true</c>, or the SHA-256 of each file that may run, with commas in between.</summary>
    public string AllowTorchScript { get; set; } = "false";

    /// <summary>Whether such a model may run with all that the worker itself may do, where there is no bubblewrap.</summary>
    public bool TorchScriptWithoutSandbox { get; set; }
}

internal sealed class TorchScriptOptionsValidation : IValidateOptions<TorchScriptOptions>
{
    public ValidateOptionsResult Validate(string? name, TorchScriptOptions options)
    {
        string[] faults = [.. TorchScriptPolicy.FaultsOf(options.AllowTorchScript)];
        return faults.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
