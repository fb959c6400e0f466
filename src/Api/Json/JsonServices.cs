using System.Text.Json;
using System.Text.Json.Serialization;

namespace NeuralCapacitance.Api.Json;

internal static class JsonServices
{
    /// <summary>The wire format: camelCase members, enums as lower-case words. One instance for bodies, events and examples.</summary>
    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        options.Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        return options;
    }

    public static IServiceCollection AddWireFormat(this IServiceCollection services)
        => services.ConfigureHttpJsonOptions(options => Configure(options.SerializerOptions));
}
