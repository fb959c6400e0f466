using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using NeuralCapacitance.Api.Jobs;
using NeuralCapacitance.Domain.Jobs;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace NeuralCapacitance.Api.OpenApi;

/// <summary>Schemas of the two places where the wire format is looser than any C# type: a candidate, and where the window starts.</summary>
internal sealed class WireSchemaFilter : ISchemaFilter
{
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is not OpenApiSchema { Properties: { } properties })
        {
            return;
        }

        if (context.Type == typeof(JobRequest))
        {
            properties["candidates"] = new OpenApiSchema
            {
                Description = properties["candidates"].Description,
                Type = JsonSchemaType.Array,
                MinItems = 2,
                Items = new OpenApiSchema { OneOf = [Text("A backbone; `imagenet` weights where it has published ones, else `random`."), Candidate()] },
            };
        }

        if (context.Type == typeof(SelectionRequest) || context.Type == typeof(SelectionSpec))
        {
            properties["start"] = new OpenApiSchema
            {
                Description = properties["start"].Description,
                OneOf = [new OpenApiSchema { Type = JsonSchemaType.String, Enum = [JsonValue.Create("auto")!] }, new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "0" }],
                Default = JsonValue.Create("auto"),
            };
        }
    }

    private static OpenApiSchema Text(string description) => new() { Type = JsonSchemaType.String, Description = description };

    private static OpenApiSchema Candidate() => new()
    {
        Type = JsonSchemaType.Object,
        Required = new HashSet<string>(StringComparer.Ordinal) { "backbone" },
        Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal)
        {
            ["backbone"] = Text("As listed by GET /api/v1/backbones."),
            ["weights"] = Text("`random`, `imagenet`, or `file:PATH` (safetensors, PyTorch or Keras; `file:PATH#PART` where a file holds several sets of weights; TorchScript for the backbone `torchscript`). Default: `imagenet` where the backbone has published weights, else `random`."),
            ["module"] = Text("Of a `torchscript` backbone: the submodule whose output is the features."),
            ["name"] = Text("Unique in the job."),
        },
    };
}
