using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Api.Problems;
using NeuralCapacitance.Domain.Access;
using NeuralCapacitance.Infrastructure.Jobs;

namespace NeuralCapacitance.Api.Access;

/// <summary>
/// Guards all that lies below one job, whatever endpoint it is: others see it as <see cref="Isolation"/> says, and only its owner or an operator changes it.
/// Endpoints that come later are guarded without being told.
/// </summary>
internal sealed class JobOwnership(JobStore jobs, IOptions<AccessOptions> options)
{
    private const string Pattern = $"{ApiRoutes.Prefix}/jobs/{{id:guid}}";
    private const int MostKept = 100_000;

    /// <summary>A job's owner never changes.</summary>
    private readonly ConcurrentDictionary<Guid, string> _owners = new();

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (JobOf(context) is { } id && context.User.ToCaller() is { } caller && await RefusalAsync(id, caller, context) is { } refusal)
        {
            await refusal.ExecuteAsync(context);
            return;
        }

        await next(context);
    }

    private static Guid? JobOf(HttpContext context)
        => context.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } pattern } && pattern.StartsWith(Pattern, StringComparison.Ordinal)
            && Guid.TryParse(context.GetRouteValue("id") as string, out var id)
            ? id
            : null;

    private async Task<IResult?> RefusalAsync(Guid id, Caller caller, HttpContext context)
    {
        var isChange = !HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method);
        if (caller.May(Role.Operate) || (!isChange && options.Value.Isolation is Isolation.Team)) return null;
        // That there is no such job, the endpoint says.
        if (await OwnerOfAsync(id, context.RequestAborted) is not { } owner) return null;
        if (!caller.Sees(owner, options.Value.Isolation)) return ProblemResults.JobNotFound(id);
        return isChange && !caller.MayChange(owner)
            ? ProblemTypes.NotPermitted.ToResult($"Job {id} belongs to `{owner}`. To change what belongs to others takes `operate`.")
            : null;
    }

    private async ValueTask<string?> OwnerOfAsync(Guid id, CancellationToken cancellationToken)
    {
        if (_owners.TryGetValue(id, out var known)) return known;
        if (await jobs.OwnerOfAsync(id, cancellationToken) is not { } owner) return null;
        if (_owners.Count >= MostKept) _owners.Clear();
        return _owners[id] = owner;
    }
}
