using System.Diagnostics;

namespace NeuralCapacitance.Api.Problems;

internal static class ProblemServices
{
    /// <summary>Problem+json for everything that goes wrong, the framework's own errors included.</summary>
    public static IServiceCollection AddProblems(this IServiceCollection services)
    {
        services.AddProblemDetails(options => options.CustomizeProblemDetails = context =>
        {
            var details = context.ProblemDetails;
            details.Instance ??= context.HttpContext.Request.Path;
            details.Extensions["traceId"] = Activity.Current?.Id ?? context.HttpContext.TraceIdentifier;
        });
        services.AddExceptionHandler<ProblemExceptionHandler>();
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        return services;
    }

    public static void UseProblems(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions { SuppressDiagnosticsCallback = static _ => true });
        app.UseStatusCodePages(async context =>
        {
            var http = context.HttpContext;
            var type = ProblemTypes.ForStatus(http.Response.StatusCode);
            var detail = type.Status == StatusCodes.Status404NotFound
                ? $"{http.Request.Method} {http.Request.Path} leads nowhere; /swagger lists every route."
                : $"{http.Request.Method} {http.Request.Path}: {type.Advice}";
            var problems = http.RequestServices.GetRequiredService<IProblemDetailsService>();
            await problems.TryWriteAsync(new() { HttpContext = http, ProblemDetails = type.ToDetails(detail) });
        });
    }
}
