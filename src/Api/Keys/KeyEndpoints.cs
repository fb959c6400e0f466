using Microsoft.AspNetCore.Http.HttpResults;
using NeuralCapacitance.Api.Access;
using NeuralCapacitance.Api.Jobs;
using NeuralCapacitance.Api.OpenApi;
using NeuralCapacitance.Api.Problems;
using NeuralCapacitance.Domain.Access;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Infrastructure.Access;

namespace NeuralCapacitance.Api.Keys;

/// <summary>Who is let in, for who may decide it. The same on the machine itself: <c>keys</c> of the command line.</summary>
internal static class KeyEndpoints
{
    private const string NameParameter = "name";

    public static void MapKeys(this IEndpointRouteBuilder routes)
    {
        var keys = routes.MapGroup("/keys").WithTags("Access").RequireRole(Role.Admin);
        keys.MapGet("", ListAsync).WithName("listKeys").WithExample(() => new KeyList([Sample]));
        keys.MapPost("", CreateAsync).WithName("createKey").WithExample(() => new NewKeyResponse(Sample, "nck_…"))
            .Accepts<KeyRequest>("application/json", "*/*").WithMetadata(RequestExample.Key)
            .ProducesProblems(ProblemTypes.InvalidKey, ProblemTypes.MalformedJson, ProblemTypes.KeyExists, ProblemTypes.BodyTooLarge, ProblemTypes.UnsupportedMediaType);
        keys.MapPost($"/{{{NameParameter}}}/rotate", RotateAsync).WithName("rotateKey").WithExample(() => new NewKeyResponse(Sample, "nck_…"))
            .Accepts<RotateRequest>(isOptional: true, "application/json", "*/*").WithMetadata(RequestExample.Rotation)
            .ProducesProblems(ProblemTypes.InvalidKey, ProblemTypes.MalformedJson, ProblemTypes.KeyNotFound, ProblemTypes.BodyTooLarge, ProblemTypes.UnsupportedMediaType);
        keys.MapDelete($"/{{{NameParameter}}}", RevokeAsync).WithName("revokeKey").ProducesProblems(ProblemTypes.KeyNotFound);
    }

    /// <summary>A body with faults.</summary>
    public static ProblemHttpResult Invalid(IEnumerable<SpecFault> faults)
    {
        var errors = faults.Select(fault => new FieldError(fault.Path, fault.Value, fault.Problem, fault.Accepted)).ToList();
        return ProblemTypes.InvalidKey.ToResult(ProblemResults.Summarize(errors), errors);
    }

    private static KeyResponse Sample { get; } = new("ci", Role.Submit, KeyState.Live, DateTimeOffset.UnixEpoch.AddYears(56), DateTimeOffset.UnixEpoch.AddYears(57), null, null, null, null);

    /// <summary>All keys, with role, expiry and last use; no secrets</summary>
    /// <response code="200">By name; those that were revoked last.</response>
    private static async Task<Ok<KeyList>> ListAsync(ApiKeyStore store, TimeProvider clock, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return TypedResults.Ok(new KeyList([.. (await store.ListAsync(cancellationToken)).Select(key => KeyResponse.Of(key, now))]));
    }

    /// <summary>Make a key</summary>
    /// <remarks>The secret is in this answer and nowhere else. As soon as there is a key, nobody is let in without one, on the service's own machine too.</remarks>
    /// <response code="201">Made; `secret` is shown this once.</response>
    /// <response code="400">The body has faults; each is in `errors`.</response>
    /// <response code="409">Another key has the name.</response>
    private static async Task<Results<Created<NewKeyResponse>, ProblemHttpResult>> CreateAsync(
        HttpContext context, ApiKeyStore store, KnownKeys known, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (order, faults) = KeyOrderReader.ReadNew((await SpecBody.ReadAsync(context.Request, cancellationToken)).Json);
        if (faults.Count > 0) return Invalid(faults);
        var made = await store.CreateAsync(order.Name, order.Role, clock.GetUtcNow() + order.Expires, context.Actor(), cancellationToken);
        known.NoteMade();
        return TypedResults.Created((string?)null, Show(context, made, clock));
    }

    /// <summary>Give a key a new secret</summary>
    /// <remarks>Its name, role and expiry stay, and so does what belongs to it. Sessions that were begun with the old secret end when that does.</remarks>
    /// <param name="name" example="ci">Of the key.</param>
    /// <response code="200">`secret` is shown this once.</response>
    /// <response code="400">The body has faults; each is in `errors`.</response>
    /// <response code="404">No key that was not revoked has the name.</response>
    private static async Task<Results<Ok<NewKeyResponse>, ProblemHttpResult>> RotateAsync(
        string name, HttpContext context, ApiKeyStore store, KnownKeys known, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (overlap, faults) = KeyOrderReader.ReadRotation((await SpecBody.ReadOptionalAsync(context.Request, cancellationToken)).Json);
        if (faults.Count > 0) return Invalid(faults);
        if (await store.RotateAsync(name, overlap, context.Actor(), cancellationToken) is not { } rotated) return NotFound(name);
        known.Forget(rotated.Key.Id);
        return TypedResults.Ok(Show(context, rotated, clock));
    }

    /// <summary>Revoke a key</summary>
    /// <remarks>It is refused from now on, by other nodes within seconds; sessions that it began end. What was submitted with it stays; a later key of the same name owns it again.</remarks>
    /// <param name="name" example="ci">Of the key.</param>
    /// <response code="204">Revoked.</response>
    /// <response code="404">No key that was not revoked has the name.</response>
    private static async Task<Results<NoContent, ProblemHttpResult>> RevokeAsync(string name, HttpContext context, ApiKeyStore store, KnownKeys known, CancellationToken cancellationToken)
    {
        if (await store.RevokeAsync(name, context.Actor(), cancellationToken) is not { } revoked) return NotFound(name);
        known.Forget(revoked.Id);
        return TypedResults.NoContent();
    }

    private static ProblemHttpResult NotFound(string name) => ProblemTypes.KeyNotFound.ToResult($"No key that was not revoked is called '{name}'.");

    private static NewKeyResponse Show(HttpContext context, NewApiKey made, TimeProvider clock)
    {
        context.Response.Headers.CacheControl = "no-store";
        return new(KeyResponse.Of(made.Key, clock.GetUtcNow()), made.Secret);
    }
}
