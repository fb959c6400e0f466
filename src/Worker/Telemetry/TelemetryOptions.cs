using Microsoft.Extensions.Options;

namespace NeuralCapacitance.Worker.Telemetry;

/// <summary>Configuration section <c>Telemetry</c>.</summary>
public sealed class TelemetryOptions
{
    public const string Section = "Telemetry";

    public const string Grpc = "grpc";
    public const string Http = "http/protobuf";

    /// <summary>An OTLP collector that traces and metrics are sent to, such as <c>http://collector:4317</c>. Empty: none.</summary>
    public string OtlpEndpoint { get; set; } = "";

    /// <summary><c>grpc</c>, or <c>http/protobuf</c>, which collectors commonly take at port 4318.</summary>
    public string OtlpProtocol { get; set; } = Grpc;
}

internal sealed class TelemetryOptionsValidation : IValidateOptions<TelemetryOptions>
{
    public ValidateOptionsResult Validate(string? name, TelemetryOptions options)
    {
        var faults = FaultsIn(options).ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    internal static IEnumerable<string> FaultsIn(TelemetryOptions options)
    {
        if (options.OtlpEndpoint.Length > 0 && !(Uri.TryCreate(options.OtlpEndpoint, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
            yield return $"{TelemetryOptions.Section}:{nameof(options.OtlpEndpoint)} is '{options.OtlpEndpoint}'; accepted is an absolute URL such as http://collector:4317.";
        if (options.OtlpProtocol is not (TelemetryOptions.Grpc or TelemetryOptions.Http))
            yield return $"{TelemetryOptions.Section}:{nameof(options.OtlpProtocol)} is '{options.OtlpProtocol}'; accepted are '{TelemetryOptions.Grpc}' and '{TelemetryOptions.Http}'.";
    }
}
