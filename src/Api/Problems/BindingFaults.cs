using System.ComponentModel;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Metadata;
using NeuralCapacitance.Api.Json;

namespace NeuralCapacitance.Api.Problems;

/// <summary>
/// Finds which query parameters did not bind. The framework stops at the first one and tells only its C# type;
/// a client deserves all of them, and what would be accepted.
/// </summary>
internal static class BindingFaults
{
    public static IReadOnlyList<FieldError> Of(HttpContext context)
    {
        // The exception handler has taken the endpoint off the context already.
        var endpoint = context.Features.Get<IExceptionHandlerFeature>()?.Endpoint ?? context.GetEndpoint();
        return [.. (endpoint?.Metadata.GetOrderedMetadata<IParameterBindingMetadata>() ?? [])
            .Select(parameter => Check(parameter.Name, parameter.ParameterInfo.ParameterType, context.Request.Query[parameter.Name]))
            .OfType<FieldError>()];
    }

    private static FieldError? Check(string name, Type type, string? value)
    {
        var target = Nullable.GetUnderlyingType(type) ?? type;
        if (value is null || !target.IsValueType)
        {
            return null;
        }

        if (target.IsGenericType && target.GetGenericTypeDefinition() == typeof(Word<>))
        {
            return Enum.GetNames(target.GenericTypeArguments[0]).Contains(value, StringComparer.OrdinalIgnoreCase)
                ? null
                : new FieldError(name, value, "is unknown", (string)target.GetProperty(nameof(Word<>.Accepted))!.GetValue(null)!);
        }

        return TypeDescriptor.GetConverter(target).IsValid(value)
            ? null
            : new FieldError(name, value, $"is not {Noun(target)}", $"{Noun(target)}, such as {(target == typeof(bool) ? "true" : "20")}");
    }

    private static string Noun(Type type)
        => type == typeof(int) || type == typeof(long) ? "a whole number" : type == typeof(bool) ? "true or false" : "a number";
}
