using Hangfire;
using Hangfire.Dashboard;
using NeuralCapacitance.Infrastructure.Queue;

namespace NeuralCapacitance.Api.Dashboard;

/// <summary>Hangfire's own pages: what each slot does, did, and why it failed. To look at, not to change; shown on this machine only.</summary>
internal static class QueueDashboard
{
    public const string Path = "/hangfire";

    private const string Refusal =
        "The dashboard is shown only to a browser on the machine that the service runs on, at localhost or 127.0.0.1, with no proxy in between. " +
        "From elsewhere, forward the port: ssh -L 5080:127.0.0.1:5080 MACHINE.\n";

    private const int StatsPollingMilliseconds = 10_000;

    public static void UseQueueDashboard(this WebApplication app)
    {
        TrialConsole.Register();
        var notes = app.Services.GetRequiredService<SignalNotes>();
        var options = new DashboardOptions
        {
            DashboardTitle = "Neural capacitance: the queue",
            IsReadOnlyFunc = _ => true,
            DisplayStorageConnectionString = false,
            StatsPollingInterval = StatsPollingMilliseconds,
            DisplayNameFunc = (_, job) => notes.Find(job)?.Name ?? "a free slot takes the next trial",
            // Who may look is decided before Hangfire is asked.
            Authorization = [],
        };
        app.Map(Path, branch =>
        {
            branch.Use(async (context, next) =>
            {
                if (LocalRequest.IsLocal(context))
                {
                    await next(context);
                    return;
                }

                context.Response.StatusCode = StatusCodes.Status403Forbidden;
                await context.Response.WriteAsync(Refusal);
            });
            branch.UseMiddleware<AspNetCoreDashboardMiddleware>(app.Services.GetRequiredService<JobStorage>(), options, DashboardRoutes.Routes);
        });
    }

    /// <summary>Tells the page whether to show the link.</summary>
    public static void MapDashboardAccess(this IEndpointRouteBuilder routes) => routes
        .MapGet("/access", (HttpContext context) => TypedResults.Ok(new DashboardAccess(LocalRequest.IsLocal(context))))
        .ExcludeFromDescription().AllowAnonymous();
}

/// <param name="Dashboard">Whether <c>/hangfire</c> is shown to who asks.</param>
internal sealed record DashboardAccess(bool Dashboard);
