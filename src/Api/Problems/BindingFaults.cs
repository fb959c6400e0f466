using System.ComponentModel;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Primitives;
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
            .SelectMany(parameter => Check(parameter.Name, parameter.ParameterInfo.ParameterType, context.Request.Query[parameter.Name]))];
    }

    /// <summary>Of a parameter that may be repeated, each value by itself.</summary>
    private static IEnumerable<FieldError> Check(string name, Type type, StringValues values) => type.GetElementType() is { } single
        ? values.SelectMany(value => Check(name, single, value))
        : Check(name, Nullable.GetUnderlyingType(type) ?? type, (string?)values);

    private static IEnumerable<FieldError> Check(string name, Type target, string? value)
    {
        if (value is null || !target.IsValueType)
        {
            return [];
        }

        if (target.IsGenericType && target.GetGenericTypeDefinition() is var generic && (generic == typeof(Word<>) || generic == typeof(WordList<>)))
        {
            var known = Enum.GetNames(target.GenericTypeArguments[0]);
            var accepted = string.Join(", ", known.Select(word => word.ToLowerInvariant()));
            return (generic == typeof(Word<>) ? [value] : WordList.Split(value))
                .Where(word => !known.Contains(word, StringComparer.OrdinalIgnoreCase))
                .Select(word => new FieldError(name, word, "is unknown", accepted));
        }

        return TypeDescriptor.GetConverter(target).IsValid(value)
            ? []
            : [new FieldError(name, value, $"is not {Noun(target)}", $"{Noun(target)}, such as {(target == typeof(bool) ? "true" : "20")}")];
    }

    private static string Noun(Type type)
        => type == typeof(int) || type == typeof(long) ? "a whole number" : type == typeof(bool) ? "true or false" : "a number";
}
