using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using NeuralCapacitance.Api.Problems;
using NeuralCapacitance.Domain.Access;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace NeuralCapacitance.Api.OpenApi;

/// <summary>Puts the examples that endpoints carry as metadata into the document.</summary>
internal sealed class ExamplesFilter(IOptions<Microsoft.AspNetCore.Http.Json.JsonOptions> options) : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var metadata = context.ApiDescription.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<RequestExample>().LastOrDefault() is { } request)
        {
            foreach (var body in Bodies(operation.RequestBody?.Content))
            {
                body.Example = request.Body.DeepClone();
            }
        }

        foreach (var response in metadata.OfType<ResponseExample>())
        {
            foreach (var body in SuccessBodies(operation, response.Status))
            {
                body.Example = ToJson(response.Body());
            }
        }

        foreach (var sameStatus in metadata.OfType<ProblemAnswer>().Select(answer => answer.Type).DistinctBy(type => type.Slug).GroupBy(type => type.Status))
        {
            Describe(operation, context.ApiDescription.RelativePath ?? "", [.. sameStatus]);
        }
    }

    private void Describe(OpenApiOperation operation, string path, IReadOnlyList<ProblemType> types)
    {
        if (operation.Responses?.GetValueOrDefault(types[0].Status.ToString()) is not OpenApiResponse response)
        {
            return;
        }

        // XML comments describe the error for this endpoint; the type's title stands in where they do not.
        if (string.IsNullOrEmpty(response.Description) || string.Equals(response.Description, Framework(types[0].Status), StringComparison.Ordinal))
        {
            response.Description = string.Join("; or: ", types.Select(type => type.Title)) + ".";
        }

        foreach (var body in Bodies(response.Content))
        {
            body.Examples = types.ToDictionary(
                type => type.Slug,
                type => (IOpenApiExample)new OpenApiExample { Summary = type.Title, Value = Example(type, path) },
                StringComparer.Ordinal);
        }
    }

    private JsonNode? Example(ProblemType type, string path)
    {
        IReadOnlyList<FieldError> errors = type.Slug switch
        {
            "invalid-job-spec" => [new("training.epochs", "0", "is out of range", "a whole number from 1 to 10000")],
            "invalid-finalization" => [new("candidate", "resnet9", "is no candidate of the job; did you mean resnet8?", "resnet8, vgg-small, cnn-small")],
            "invalid-archive" => [new("../robin.jpg", null, "has a path that leads out of its folder", "a relative path such as train/robin/001.jpg, with forward slashes")],
            "invalid-key" => [new("role", "\"root\"", "is not accepted", RoleWords.Accepted)],
            "invalid-parameter" => [new("limit", 500, "is out of range", "a whole number from 1 to 100")],
            _ => [],
        };
        var details = type.ToDetails(errors.Count > 0 ? ProblemResults.Summarize(errors) : type.Advice, errors);
        details.Instance = $"/{path}";
        return ToJson(details);
    }

    private static string Framework(int status) => Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status);

    private static IEnumerable<OpenApiMediaType> SuccessBodies(OpenApiOperation operation, int? status)
        => (operation.Responses ?? []).Where(response => status is null ? response.Key.StartsWith('2') : string.Equals(response.Key, status.ToString(), StringComparison.Ordinal)).SelectMany(response => Bodies(response.Value.Content));

    private static IEnumerable<OpenApiMediaType> Bodies(IDictionary<string, IOpenApiMediaType>? content)
        => content?.Values.OfType<OpenApiMediaType>() ?? [];

    private JsonNode? ToJson(object value) => value is string text
        ? JsonValue.Create(text)
        : JsonSerializer.SerializeToNode(value, value.GetType(), options.Value.SerializerOptions);
}
