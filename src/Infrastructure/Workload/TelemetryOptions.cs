using Microsoft.Extensions.Options;

namespace NeuralCapacitance.Infrastructure.Workload;

/// <summary>What is told of the service. Section <c>Telemetry</c>.</summary>
public sealed class TelemetryOptions
{
    public const string Section = "Telemetry";

    /// <summary>How often what <c>/metrics</c> tells is taken down anew.</summary>
    public TimeSpan SampleInterval { get; set; } = TimeSpan.FromSeconds(15);
}

internal sealed class TelemetryOptionsValidator : IValidateOptions<TelemetryOptions>
{
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Most = TimeSpan.FromMinutes(10);

    public ValidateOptionsResult Validate(string? name, TelemetryOptions options)
        => options.SampleInterval < Least || options.SampleInterval > Most
            ? ValidateOptionsResult.Fail($"{TelemetryOptions.Section}:{nameof(options.SampleInterval)} is {options.SampleInterval}; accepted is {Least} … {Most}.")
            : ValidateOptionsResult.Success;
}
