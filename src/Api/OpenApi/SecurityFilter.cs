using Microsoft.AspNetCore.Authorization;
using Microsoft.OpenApi;
using NeuralCapacitance.Api.Access;
using NeuralCapacitance.Domain.Access;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace NeuralCapacitance.Api.OpenApi;

/// <summary>Says of each operation whether it takes a key, and of which role; Swagger UI's <i>Authorize</i> sends it.</summary>
internal sealed class SecurityFilter : IOperationFilter
{
    public const string Scheme = "key";

    public static OpenApiSecurityScheme Definition { get; } = new()
    {
        Type = SecuritySchemeType.Http,
        Scheme = "bearer",
        Description = "A key of this service (`nck_…`), or a token of the company's sign-on where one is configured. On the service's own machine none is needed until a key was made.",
    };

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var metadata = context.ApiDescription.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<IAllowAnonymous>().Any() || metadata.OfType<RequiredRole>().LastOrDefault() is not { } required) return;
        operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, context.Document)] = [] }];
        operation.Description = $"{operation.Description}{(string.IsNullOrEmpty(operation.Description) ? "" : "\n\n")}Takes the role `{RoleWords.Of(required.Role)}`.";
    }
}
