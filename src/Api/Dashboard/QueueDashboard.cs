using Hangfire;
using Hangfire.Dashboard;
using NeuralCapacitance.Api.Access;
using NeuralCapacitance.Domain.Access;
using NeuralCapacitance.Infrastructure.Queue;

namespace NeuralCapacitance.Api.Dashboard;

/// <summary>Hangfire's own pages: what each slot does, did, and why it failed. To look at, not to change; shown to who may operate, and where no keys are, on this machine only.</summary>
internal static class QueueDashboard
{
    public const string Path = "/hangfire";

    private const string Refusal =
        "The dashboard is shown only to a browser on the machine that the service runs on, at localhost or 127.0.0.1, with no proxy in between. " +
        "From elsewhere, forward the port: ssh -L 5080:127.0.0.1:5080 MACHINE.\n";

    private const string RoleRefusal = "The dashboard takes the role operate. Sign in on the service's page with a key that has it, or send one as Authorization: Bearer KEY.\n";

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
                if (IsShownTo(context))
                {
                    await next(context);
                    return;
                }

                await RefuseAsync(context);
            });
            branch.UseMiddleware<AspNetCoreDashboardMiddleware>(app.Services.GetRequiredService<JobStorage>(), options, DashboardRoutes.Routes);
        });
    }

    /// <summary>To who may operate, by key, token or session. Who says nothing is let in where anybody is, and only on this machine.</summary>
    public static bool IsShownTo(HttpContext context)
        => context.User.ToCaller()?.May(Role.Operate) == true && (!IsAnonymous(context) || LocalRequest.IsLocal(context));

    private static bool IsAnonymous(HttpContext context) => string.Equals(context.User.Identity?.AuthenticationType, AccessSchemes.Anonymous, StringComparison.Ordinal);

    private static async Task RefuseAsync(HttpContext context)
    {
        context.Response.StatusCode = context.User.Identity?.IsAuthenticated == true ? StatusCodes.Status403Forbidden : StatusCodes.Status401Unauthorized;
        await context.Response.WriteAsync(IsAnonymous(context) ? Refusal : RoleRefusal);
    }
}
