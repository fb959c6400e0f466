using Microsoft.Extensions.Options;

namespace NeuralCapacitance.Worker.Telemetry;

/// <summary>Configuration section <c>Telemetry</c>: where traces and metrics are sent.</summary>
public sealed class OtlpOptions
{
    public const string Section = "Telemetry";

    public const string Grpc = "grpc";
    public const string Http = "http/protobuf";

    /// <summary>An OTLP collector that traces and metrics are sent to, such as <c>http://collector:4317</c>. Empty: none.</summary>
    public string OtlpEndpoint { get; set; } = "";

    /// <summary><c>grpc</c>, or <c>http/protobuf</c>, which collectors commonly take at port 4318.</summary>
    public string OtlpProtocol { get; set; } = Grpc;
}

internal sealed class OtlpOptionsValidation : IValidateOptions<OtlpOptions>
{
    public ValidateOptionsResult Validate(string? name, OtlpOptions options)
    {
        var faults = FaultsIn(options).ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    internal static IEnumerable<string> FaultsIn(OtlpOptions options)
    {
        if (options.OtlpEndpoint.Length > 0 && !(Uri.TryCreate(options.OtlpEndpoint, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
            yield return $"{OtlpOptions.Section}:{nameof(options.OtlpEndpoint)} is '{options.OtlpEndpoint}'; accepted is an absolute URL such as http://collector:4317.";
        if (options.OtlpProtocol is not (OtlpOptions.Grpc or OtlpOptions.Http))
            yield return $"{OtlpOptions.Section}:{nameof(options.OtlpProtocol)} is '{options.OtlpProtocol}'; accepted are '{OtlpOptions.Grpc}' and '{OtlpOptions.Http}'.";
    }
}
