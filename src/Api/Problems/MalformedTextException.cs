using NeuralCapacitance.Domain.Jobs;

namespace NeuralCapacitance.Api.Problems;

/// <summary>The body is no JSON.</summary>
internal sealed class MalformedTextException(TextFault fault) : Exception(Sentence($"{fault}"))
{
    private static string Sentence(string text) => $"{char.ToUpperInvariant(text[0])}{text[1..]}.";
}
