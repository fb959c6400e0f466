using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Predictors;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace NeuralCapacitance.Api.OpenApi;

/// <summary>Writes the predictors that there are where a parameter's description says <c>{predictors}</c>, and lets a form choose among them.</summary>
internal sealed class PredictorParameterFilter : IParameterFilter
{
    private const string Placeholder = "{predictors}";

    public void Apply(IOpenApiParameter parameter, ParameterFilterContext context)
    {
        if (parameter is not OpenApiParameter { Description: { } description } described || !description.Contains(Placeholder, StringComparison.Ordinal))
        {
            return;
        }

        described.Description = description.Replace(
            Placeholder, string.Join(", ", PredictorNames.All.Select(name => $"`{name}`")), StringComparison.Ordinal);
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
}
