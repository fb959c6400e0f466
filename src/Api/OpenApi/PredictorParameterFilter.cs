using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Predictors;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace NeuralCapacitance.Api.OpenApi;

/// <summary>Writes the predictors that there are where a parameter's description says <c>{predictors}</c>, those that take long where it says <c>{slow}</c>, and lets a form choose among them.</summary>
internal sealed class PredictorParameterFilter : IParameterFilter
{
    private const string Placeholder = "{predictors}";
    private const string SlowPlaceholder = "{slow}";

    public void Apply(IOpenApiParameter parameter, ParameterFilterContext context)
    {
        if (parameter is not OpenApiParameter { Description: { } description } described || !description.Contains(Placeholder, StringComparison.Ordinal))
        {
            return;
        }

        described.Description = description
            .Replace(Placeholder, Names(PredictorNames.All), StringComparison.Ordinal)
            .Replace(SlowPlaceholder, Names(PredictorCatalogue.All.Where(p => !p.IsQuick).Select(p => p.Name)), StringComparison.Ordinal);
        described.Schema = new OpenApiSchema
        {
            Type = JsonSchemaType.Array,
            Items = new OpenApiSchema
            {
                AnyOf =
                [
                    new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. PredictorNames.All.Append(SelectionQuery.AllPredictors).Select(name => (JsonNode)name)] },
                    new OpenApiSchema { Type = JsonSchemaType.String, Description = "Several, separated by commas." },
                ],
            },
        };
    }

    private static string Names(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"`{name}`"));
}
