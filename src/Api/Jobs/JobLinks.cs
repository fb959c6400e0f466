namespace NeuralCapacitance.Api.Jobs;

/// <summary>Where everything about a job is; paths on this service.</summary>
public sealed record JobLinks(
    string Self, string Cancel, string Trials, string Observations, string Csv, string Events, string Ranking, string Decisions, string Finalize, string Model, string Report, string Page)
{
    /// <param name="pathBase">The prefix under which a proxy serves us; usually empty.</param>
    public static JobLinks Of(PathString pathBase, Guid id)
    {
        var self = $"{pathBase}{ApiRoutes.Prefix}/jobs/{id}";
        return new(
            self, $"{self}/cancel", $"{self}/trials", $"{self}/observations", $"{self}/observations?format=csv",
            $"{self}/events", $"{self}/ranking", $"{self}/decisions", $"{self}/finalize", $"{self}/model", $"{self}/report", $"{pathBase}/#/jobs/{id}");
    }
}
