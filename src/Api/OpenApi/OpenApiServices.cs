using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.OpenApi;
using NeuralCapacitance.Api.Json;
using NeuralCapacitance.Api.Observations;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Infrastructure.Access;

namespace NeuralCapacitance.Api.OpenApi;

internal static class OpenApiServices
{
    private const string Document = "v1";

    /// <summary>In the order of interest.</summary>
    private static readonly string[] Tags = ["Jobs", "Catalogues", "Access", "Operations", "Problems"];

    public static IServiceCollection AddOpenApiDocument(this IServiceCollection services)
    {
        services.AddEndpointsApiExplorer();
        services.AddSingleton<OpenApiDocument>();
        return services.AddSwaggerGen(options =>
        {
            options.SwaggerDoc(Document, new OpenApiInfo
            {
                Title = "Neural capacitance",
                Version = Document,
                Description =
                    "Which pretrained backbone should I fine-tune for my images? Submit a job with a data set and candidate backbones; "
                    + "after a few epochs the ranking predicts the accuracy that each would end with. "
                    + "Errors are problem+json (RFC 9457); a GET on their `type` says what to do.",
                License = new OpenApiLicense { Name = "MIT" },
            });
            options.IncludeXmlComments(typeof(OpenApiServices).Assembly);
            options.IncludeXmlComments(typeof(JobSpec).Assembly);
            options.IncludeXmlComments(typeof(AuditEntry).Assembly);
            options.SupportNonNullableReferenceTypes();
            options.NonNullableReferenceTypesAsRequired();
            options.MapType<WordList<JobState>>(WordLists<JobState>);
            options.MapType<Word<AuditAction>>(Words<AuditAction>);
            options.MapType<Word<ObservationFormat>>(Words<ObservationFormat>);
            options.OrderActionsBy(api => $"{Array.IndexOf(Tags, TagOf(api))} {api.RelativePath} {api.HttpMethod}");
            options.AddSecurityDefinition(SecurityFilter.Scheme, SecurityFilter.Definition);
            options.OperationFilter<ExamplesFilter>();
            options.OperationFilter<SecurityFilter>();
            options.SchemaFilter<WireSchemaFilter>();
            options.ParameterFilter<PredictorParameterFilter>();
        });
    }

    private static string? TagOf(ApiDescription api)
        => api.ActionDescriptor.EndpointMetadata.OfType<ITagsMetadata>().LastOrDefault()?.Tags.FirstOrDefault();

    private static OpenApiSchema Words<TEnum>()
        where TEnum : struct, Enum
        => new() { Type = JsonSchemaType.String, Enum = [.. Enum.GetNames<TEnum>().Select(name => (JsonNode)name.ToLowerInvariant())] };

    private static OpenApiSchema WordLists<TEnum>()
        where TEnum : struct, Enum
        => new() { AnyOf = [Words<TEnum>(), new OpenApiSchema { Type = JsonSchemaType.String, Description = "Several, separated by commas." }] };

    private static bool IsReading(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method);

    /// <summary>The document at <c>/swagger/v1/swagger.json</c> and the UI at <c>/swagger</c>.</summary>
    public static void UseOpenApiDocument(this WebApplication app)
    {
        var document = app.Services.GetRequiredService<OpenApiDocument>();
        // Behind a prefix the document names other addresses.
        app.MapWhen(
            context => !context.Request.PathBase.HasValue && context.Request.Path.Equals(OpenApiDocument.Path, StringComparison.OrdinalIgnoreCase) && IsReading(context.Request.Method),
            branch => branch.Run(document.WriteAsync));
        app.UseSwagger();
        app.UseSwaggerUI(options =>
        {
            options.SwaggerEndpoint($"{Document}/swagger.json", "Neural capacitance v1");
            options.RoutePrefix = "swagger";
            options.DocumentTitle = "Neural capacitance API";
            options.DisplayRequestDuration();
            options.EnableDeepLinking();
            options.DefaultModelsExpandDepth(0);
            options.EnableTryItOutByDefault();
        });
    }
}
