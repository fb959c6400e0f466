using NeuralCapacitance.Api.Dashboard;

namespace NeuralCapacitance.Api.Hosting;

/// <summary>What a browser may do with what the service sends: run its own scripts and styles, talk to it, and nothing else.</summary>
internal static class SecurityHeaders
{
    /// <summary>Scripts are files of the service, everywhere.</summary>
    private static readonly string Own = Policy("'self'");

    /// <summary>Hangfire's pages carry styles in their elements, and its charts make more.</summary>
    private static readonly string Dashboards = Policy("'self' 'unsafe-inline'");

    /// <summary>Swagger UI's page brings one style, which is named by its hash.</summary>
    private static readonly string SwaggerUi = Policy("'self' 'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='");

    public static void UseSecurityHeaders(this WebApplication app) => app.Use((context, next) =>
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = PolicyOf(context.Request.Path);
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        return next(context);
    });

    private static string PolicyOf(PathString path)
    {
        if (path.StartsWithSegments(QueueDashboard.Path, StringComparison.OrdinalIgnoreCase)) return Dashboards;
        return path.StartsWithSegments("/swagger", StringComparison.OrdinalIgnoreCase) ? SwaggerUi : Own;
    }

    private static string Policy(string styles)
        => $"default-src 'none'; script-src 'self'; style-src {styles}; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
}
