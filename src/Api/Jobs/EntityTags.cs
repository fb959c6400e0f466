using Microsoft.Net.Http.Headers;

namespace NeuralCapacitance.Api.Jobs;

/// <summary>Cheap polling: a job's version is its weak entity tag.</summary>
internal static class EntityTags
{
    public static EntityTagHeaderValue Of(long version) => new($"\"{version}\"", isWeak: true);

    /// <summary>Whether the client has seen some version.</summary>
    public static bool IsAsked(HttpContext context) => context.Request.Headers.IfNoneMatch.Count > 0;

    /// <summary>Writes the tag and tells whether the client already has this version (then the answer is 304).</summary>
    public static bool ClientHas(HttpContext context, long version) => ClientHas(context, Of(version));

    /// <summary>As above, of what depends on more than the job.</summary>
    /// <param name="besides">Changes with the rest.</param>
    public static bool ClientHas(HttpContext context, long version, string besides)
        => ClientHas(context, new EntityTagHeaderValue($"\"{version}-{besides}\"", isWeak: true));

    /// <summary>As above, of what has a hash.</summary>
    public static bool ClientHas(HttpContext context, string hash) => ClientHas(context, new EntityTagHeaderValue($"\"{hash}\""));

    private static bool ClientHas(HttpContext context, EntityTagHeaderValue tag)
    {
        context.Response.Headers.ETag = tag.ToString();
        context.Response.Headers.CacheControl = "no-cache";
        return context.Request.GetTypedHeaders().IfNoneMatch
            .Any(known => known.Equals(EntityTagHeaderValue.Any) || known.Compare(tag, useStrongComparison: false));
    }
}
