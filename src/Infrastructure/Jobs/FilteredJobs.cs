using Microsoft.EntityFrameworkCore;
using NeuralCapacitance.Infrastructure.Postgres;
using NeuralCapacitance.Infrastructure.Postgres.Model;

namespace NeuralCapacitance.Infrastructure.Jobs;

/// <summary>The jobs that a filter lets through, as a query.</summary>
internal static class FilteredJobs
{
    public static IQueryable<JobRow> Filtered(this ServiceDbContext context, JobFilter filter)
    {
        var jobs = WithTexts(context, filter.Name, filter.Dataset);
        if (filter.States.Count > 0) jobs = jobs.Where(j => filter.States.Contains(j.State));
        return filter.Owner is null ? jobs : jobs.Where(j => j.Owner == filter.Owner);
    }

    /// <summary>The columns are in lower case, by the same collation: see <see cref="JobRow.LowerCase"/>.</summary>
    private static IQueryable<JobRow> WithTexts(ServiceDbContext context, string? name, string? dataset) => (name, dataset) is (null, null)
        ? context.Jobs
        : context.Jobs.FromSql(
            $"""
             SELECT * FROM jobs
             WHERE ({name}::text IS NULL OR strpos(search_name, lower({name} COLLATE "und-x-icu")) > 0)
             AND ({dataset}::text IS NULL OR lower({dataset} COLLATE "und-x-icu") IN (search_dataset, search_folder))
             """);
}
