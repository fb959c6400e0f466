namespace NeuralCapacitance.Api.Access;

/// <summary>Ways to say who one is.</summary>
internal static class AccessSchemes
{
    /// <summary>Passes each request to the scheme that fits what it carries.</summary>
    public const string Default = "Access";

    public const string ApiKey = "ApiKey";

    /// <summary>A token of the company's issuer.</summary>
    public const string Token = "Token";

    /// <summary>The page's cookie.</summary>
    public const string Session = "Session";

    /// <summary>Carries nothing.</summary>
    public const string Anonymous = "Anonymous";
}
