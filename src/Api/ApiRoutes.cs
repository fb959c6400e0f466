namespace NeuralCapacitance.Api;

public static class ApiRoutes
{
    /// <summary>Before every route of this version of the interface.</summary>
    public const string Prefix = "/api/v1";
}
