using Microsoft.AspNetCore.Http.HttpResults;
using NeuralCapacitance.Api.Access;
using NeuralCapacitance.Api.Jobs;
using NeuralCapacitance.Api.OpenApi;
using NeuralCapacitance.Api.Problems;
using NeuralCapacitance.Domain.Access;
using NeuralCapacitance.Domain.Notifications;
using NeuralCapacitance.Infrastructure.Webhooks;

namespace NeuralCapacitance.Api.Webhooks;

internal static class WebhookEndpoints
{
    public static void MapWebhooks(this IEndpointRouteBuilder routes)
    {
        var webhooks = routes.MapGroup("/webhooks").WithTags("Webhooks").RequireRole(Role.Submit);
        webhooks.MapGet("/", GetAsync).WithName("getWebhooks").WithExample(Samples.Webhooks).ProducesProblems(ProblemTypes.SecretUnreadable);
        webhooks.MapPut("/", SetAsync).WithName("setWebhooks").WithExample(Samples.Webhooks)
            .Accepts<WebhooksRequest>("application/json", "*/*").WithMetadata(RequestExample.Webhooks)
            .ProducesProblems(
                ProblemTypes.InvalidWebhooks, ProblemTypes.MalformedJson, ProblemTypes.BodyTooLarge, ProblemTypes.UnsupportedMediaType, ProblemTypes.SecretUnreadable);
        webhooks.MapPost("/rotate", RotateAsync).WithName("rotateWebhookSecret").WithExample(Samples.Webhooks);
    }

    /// <summary>The secret that signs notifications of your jobs, and who is told of jobs that name nobody</summary>
    /// <remarks>The secret belongs to the key, and stays when the key is rotated. It is made when it is asked for first.</remarks>
    /// <response code="200">Keep `secret` as you keep the key: who knows it can send in the service's name.</response>
    /// <response code="409">The secret was made with another `Storage:Root`; rotating makes a new one.</response>
    private static Task<Results<Ok<WebhooksResponse>, ProblemHttpResult>> GetAsync(HttpContext context, WebhookSettingsStore settings, CancellationToken cancellationToken)
        => ShowAsync(context, async owner => await settings.GetAsync(owner, cancellationToken));

    /// <summary>Say who is told of your jobs that name nobody</summary>
    /// <remarks>Of jobs that are submitted from now on without `notify`. An empty list: nobody.</remarks>
    /// <response code="200">As it is now.</response>
    /// <response code="400">The body has faults; each is in `errors`.</response>
    /// <response code="409">The secret was made with another `Storage:Root`; rotating makes a new one.</response>
    private static async Task<Results<Ok<WebhooksResponse>, ProblemHttpResult>> SetAsync(
        HttpContext context, WebhookSettingsStore settings, IReceiverPolicy policy, CancellationToken cancellationToken)
    {
        var (receivers, faults) = NotifyReader.Read((await SpecBody.ReadAsync(context.Request, cancellationToken)).Json, policy);
        if (receivers is null)
        {
            var errors = faults.Select(fault => new FieldError(fault.Path, fault.Value, fault.Problem, fault.Accepted)).ToList();
            return ProblemTypes.InvalidWebhooks.ToResult(ProblemResults.Summarize(errors), errors);
        }

        return await ShowAsync(context, async owner =>
        {
            await settings.SetReceiversAsync(owner, receivers, cancellationToken);
            return await settings.GetAsync(owner, cancellationToken);
        });
    }

    /// <summary>Make a new secret</summary>
    /// <remarks>For a day notifications carry two signatures, one by the new secret and one by that before it: change your receivers meanwhile.</remarks>
    /// <response code="200">The new one.</response>
    private static Task<Results<Ok<WebhooksResponse>, ProblemHttpResult>> RotateAsync(HttpContext context, WebhookSettingsStore settings, CancellationToken cancellationToken)
        => ShowAsync(context, async owner => await settings.RotateAsync(owner, context.Actor(), cancellationToken));

    /// <summary>Of those who need no key, only who is on the machine itself is shown the installation's secret.</summary>
    private static async Task<Results<Ok<WebhooksResponse>, ProblemHttpResult>> ShowAsync(HttpContext context, Func<string, Task<WebhookSettings>> of)
    {
        var caller = context.Caller();
        if (caller.Owner == Caller.LocalOwner && !caller.May(Role.Admin))
        {
            return ProblemTypes.NotPermitted.ToResult("The secret of the installation is shown on its machine only: `neural-capacitance webhooks secret`. Who comes with a key has one of its own.");
        }

        context.Response.Headers.CacheControl = "no-store";
        try
        {
            return TypedResults.Ok(WebhooksResponse.Of(await of(caller.Owner)));
        }
        catch (WebhookSecretUnreadableException e)
        {
            return ProblemTypes.SecretUnreadable.ToResult(e.Message);
        }
    }
}

/// <summary>Who is told of jobs that name nobody.</summary>
public sealed record WebhooksRequest
{
    /// <summary>At most ten.</summary>
    public required IReadOnlyList<NotifyRequest> Notify { get; init; }
}

/// <summary>How notifications of one's jobs are signed, and who gets them.</summary>
public sealed record WebhooksResponse
{
    /// <summary>As Standard Webhooks has it: what follows `whsec_` is the key in base64.</summary>
    public required string Secret { get; init; }

    /// <summary>Until then the secret before it signs too; null: it does not.</summary>
    public required DateTimeOffset? PreviousUntil { get; init; }

    /// <summary>Who is told of jobs that are submitted without `notify`.</summary>
    public required IReadOnlyList<NotifySpec> Notify { get; init; }

    internal static WebhooksResponse Of(WebhookSettings settings) => new() { Secret = settings.Secret, PreviousUntil = settings.PreviousUntil, Notify = settings.Notify };
}
