using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using NeuralCapacitance.Api.Hosting;
using NeuralCapacitance.Api.Jobs;
using NeuralCapacitance.Infrastructure.Caching;
using Swashbuckle.AspNetCore.Swagger;

namespace NeuralCapacitance.Api.OpenApi;

/// <summary>The OpenAPI document as bytes: made once, since nothing of it changes while the process lives, and told by its hash.</summary>
internal sealed class OpenApiDocument(IServiceProvider services)
{
    public const string Path = "/swagger/v1/swagger.json";

    private readonly SharedCache<string, (CapturedResponse Response, string Hash)> _made = new(capacity: 1);
    private readonly Lazy<RequestDelegate> _maker = new(() => new ApplicationBuilder(services).UseSwagger().Build());

    public async Task WriteAsync(HttpContext context)
    {
        var (document, hash) = await _made.GetAsync(Path, _ => MakeAsync(), context.RequestAborted);
        if (EntityTags.ClientHas(context, hash))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        context.Response.ContentType = document.ContentType;
        context.Response.ContentLength = document.Body.Length;
        if (!HttpMethods.IsHead(context.Request.Method)) await context.Response.Body.WriteAsync(document.Body, context.RequestAborted);
    }

    private async Task<(CapturedResponse Response, string Hash)> MakeAsync()
    {
        var made = await CapturedResponse.OfAsync(_maker.Value, services, Path, accept: "application/json");
        return (made, Convert.ToHexStringLower(SHA256.HashData(made.Body.Span)));
    }
}
