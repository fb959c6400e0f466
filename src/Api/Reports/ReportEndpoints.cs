using Microsoft.AspNetCore.Http.HttpResults;
using NeuralCapacitance.Api.Access;
using NeuralCapacitance.Api.Jobs;
using NeuralCapacitance.Api.Limits;
using NeuralCapacitance.Api.OpenApi;
using NeuralCapacitance.Api.Problems;
using NeuralCapacitance.Api.Rankings;
using NeuralCapacitance.Api.Reports.Plots;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Infrastructure.History;
using NeuralCapacitance.Infrastructure.Jobs;

namespace NeuralCapacitance.Api.Reports;

internal static class ReportEndpoints
{
    public static void MapReports(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/jobs/{id:guid}/report", HtmlAsync).WithTags("Jobs").WithName("getReport").WithExample(() => "<!doctype html> …")
            .Produces<string>(StatusCodes.Status200OK, "text/html").ProducesProblems(ProblemTypes.JobNotFound, ProblemTypes.PredictionsBusy).CountsAs(RequestClass.Expensive);
        routes.MapGet("/jobs/{id:guid}/report.md", MarkdownAsync).WithTags("Jobs").WithName("getMarkdownReport").WithExample(() => "# Which backbone for `synthetic`? …")
            .Produces<string>(StatusCodes.Status200OK, "text/markdown").ProducesProblems(ProblemTypes.JobNotFound, ProblemTypes.PredictionsBusy).CountsAs(RequestClass.Expensive);
        routes.MapGet("/jobs/{id:guid}/plots/beta-accuracy.json", BetaAccuracyAsync).WithTags("Jobs").WithName("getBetaAccuracy").WithExample(Samples.BetaAccuracy)
            .ProducesProblems(ProblemTypes.InvalidParameter, ProblemTypes.JobNotFound, ProblemTypes.PredictionsBusy).CountsAs(RequestClass.Expensive);
        routes.MapGet("/jobs/{id:guid}/plots/{file}", PlotAsync).WithTags("Jobs").WithName("getPlot").WithExample(() => "an SVG or PNG file")
            .Produces<string>(StatusCodes.Status200OK, "image/svg+xml", "image/png").ProducesProblems(ProblemTypes.InvalidParameter, ProblemTypes.JobNotFound, ProblemTypes.NothingToPlot, ProblemTypes.PredictionsBusy).CountsAs(RequestClass.Expensive);
    }

    /// <summary>All about a job in one HTML file, to attach to a ticket</summary>
    /// <remarks>
    /// Styles, plots and pictures of the data set are inside; it runs no script. It can be asked for at any time: what is not known yet it says. Where the pictures take
    /// longer to draw than five seconds it comes without them and without an `ETag`; ask again.
    /// </remarks>
    /// <response code="200">HTML.</response>
    /// <response code="304">Nothing has changed since the version in `If-None-Match`.</response>
    /// <response code="404">There is no such job.</response>
    /// <response code="503">The database is away, or too many rankings are being computed: `Retry-After` says when to come again.</response>
    private static async Task<Results<ContentHttpResult, StatusCodeHttpResult, ProblemHttpResult>> HtmlAsync(
        Guid id, HttpContext context, JobStore jobs, RankingReader rankings, ReportReader reports, ReportDatasets datasets, CancellationToken cancellationToken)
    {
        if (await jobs.FindAsync(id, cancellationToken) is not { } job)
        {
            return ProblemResults.JobNotFound(id);
        }

        var history = await rankings.PastAsync(job, cancellationToken);
        if (EntityTags.ClientHas(context, job.Version, history.Fingerprint))
        {
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        }

        var report = await ReadAsync(context, job, history, reports, datasets, cancellationToken);
        var plots = await DrawAsync(job, history, reports, cancellationToken);

        context.Response.Headers.ContentSecurityPolicy = HtmlReport.ContentSecurityPolicy;
        context.Response.Headers.ContentDisposition = $"inline; filename=\"report-{id}.html\"";
        return TypedResults.Text(HtmlReport.Write(ReportContent.TitleOf(report), ReportContent.Of(report, plots.ContainsKey), file => plots[file]), HtmlReport.MediaType);
    }

    /// <summary>The report in Markdown, for a pull request or the summary of a pipeline</summary>
    /// <remarks>As the HTML file, without the pictures of the data set; plots are links to this service.</remarks>
    /// <response code="200">GitHub's Markdown.</response>
    /// <response code="304">Nothing has changed since the version in `If-None-Match`.</response>
    /// <response code="404">There is no such job.</response>
    /// <response code="503">The database is away, or too many rankings are being computed: `Retry-After` says when to come again.</response>
    private static async Task<Results<ContentHttpResult, StatusCodeHttpResult, ProblemHttpResult>> MarkdownAsync(
        Guid id, HttpContext context, JobStore jobs, RankingReader rankings, ReportReader reports, ReportDatasets datasets, CancellationToken cancellationToken)
    {
        if (await jobs.FindAsync(id, cancellationToken) is not { } job)
        {
            return ProblemResults.JobNotFound(id);
        }

        var history = await rankings.PastAsync(job, cancellationToken);
        if (EntityTags.ClientHas(context, job.Version, history.Fingerprint))
        {
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        }

        var report = await ReadAsync(context, job, history, reports, datasets, cancellationToken);
        var plots = await DrawAsync(job, history, reports, cancellationToken);

        var request = context.Request;
        context.Response.Headers.ContentDisposition = $"inline; filename=\"report-{id}.md\"";
        return TypedResults.Text(
            MarkdownReport.Write(ReportContent.Of(report, plots.ContainsKey), file => $"{request.Scheme}://{request.Host}{JobLinks.Of(request.PathBase, id).Self}/plots/{file.Name}"),
            MarkdownReport.MediaType);
    }

    /// <summary>The plots that have something to draw.</summary>
    private static async Task<Dictionary<PlotFile, byte[]>> DrawAsync(Job job, PastJobList history, ReportReader reports, CancellationToken cancellationToken)
    {
        var plots = new Dictionary<PlotFile, byte[]>();
        foreach (var file in PlotFile.All.Where(file => file.Format is PlotFormat.Svg))
        {
            if (await reports.PlotAsync(job, history, file, cancellationToken) is { } plot)
            {
                plots.Add(file, plot);
            }
        }

        return plots;
    }

    /// <summary>A plot of a job</summary>
    /// <remarks>
    /// `curves` (validation accuracy by epoch), `beta` (β_eff by epoch, logarithmic), `ranking` (predictions with their intervals), `beta-accuracy` (accuracy against β_eff, with the
    /// prediction at 0) or `race` (who was dropped when), as `.svg` or `.png`. Lines are means over the repeats, bands go from the least to the greatest. Drawn once for a version of the job.
    /// </remarks>
    /// <param name="file" example="curves.svg">Name of the plot and of its format.</param>
    /// <response code="200">The picture, on a white background.</response>
    /// <response code="304">Nothing has changed since the version in `If-None-Match`.</response>
    /// <response code="400">There is no plot of this name.</response>
    /// <response code="404">There is no such job, or it has nothing to draw in this plot.</response>
    /// <response code="503">The database is away, or too many rankings are being computed: `Retry-After` says when to come again.</response>
    private static async Task<Results<FileContentHttpResult, StatusCodeHttpResult, ProblemHttpResult>> PlotAsync(
        Guid id, string file, HttpContext context, JobStore jobs, RankingReader rankings, ReportReader reports, CancellationToken cancellationToken)
    {
        if (PlotFile.Find(file) is not { } plot)
        {
            return ProblemResults.InvalidParameters(new FieldError("file", file, "is no plot", string.Join(", ", PlotFile.All.Select(known => known.Name))));
        }

        if (await jobs.FindAsync(id, cancellationToken) is not { } job)
        {
            return ProblemResults.JobNotFound(id);
        }

        var history = await rankings.PastAsync(job, cancellationToken);
        if (EntityTags.ClientHas(context, job.Version, history.Fingerprint))
        {
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        }

        if (await reports.PlotAsync(job, history, plot, cancellationToken) is not { } drawn)
        {
            context.Response.Headers.Remove("ETag");
            return ProblemTypes.NothingToPlot.ToResult(await reports.WhyNoPlotAsync(job, history, plot.Kind, cancellationToken));
        }

        return TypedResults.Bytes(drawn, plot.MediaType);
    }

    /// <summary>What the plot of accuracy against β_eff is drawn from</summary>
    /// <remarks>
    /// Observations, whether the prediction rests on them, the line that the predictor has fitted, and the prediction at β_eff = 0 with its interval. The parameters look at
    /// the same observations in another way, as those of the ranking do.
    /// </remarks>
    /// <param name="observe" example="5">Epochs that the prediction looks at; the job's own if absent, of a race those up to its last round.</param>
    /// <param name="start" example="auto">`auto`, or the epoch after which the window starts; the job's own if absent.</param>
    /// <param name="predictor" example="shared-slope">One predictor; the job's own if absent.</param>
    /// <response code="200">In the order of the spec.</response>
    /// <response code="304">Nothing has changed since the version in `If-None-Match`.</response>
    /// <response code="400">A parameter is unusable: each is in `errors`.</response>
    /// <response code="404">There is no such job.</response>
    /// <response code="503">The database is away, or too many rankings are being computed: `Retry-After` says when to come again.</response>
    private static async Task<Results<Ok<BetaAccuracyResponse>, StatusCodeHttpResult, ProblemHttpResult>> BetaAccuracyAsync(
        Guid id,
        HttpContext context,
        JobStore jobs,
        RankingReader rankings,
        OwnRanking own,
        ReportReader reports,
        CancellationToken cancellationToken,
        int? observe = null,
        string? start = null,
        string? predictor = null)
    {
        if (await jobs.FindAsync(id, cancellationToken) is not { } job)
        {
            return ProblemResults.JobNotFound(id);
        }

        var asked = await own.ResolveAsync(job, observe, start, predictor is null ? [] : [predictor], cancellationToken);
        if (asked.Faults.Count > 0)
        {
            return ProblemTypes.InvalidParameter.ToResult(asked.Faults, asked.HasMore);
        }

        var history = await rankings.PastAsync(job, cancellationToken);
        return EntityTags.ClientHas(context, job.Version, history.Fingerprint)
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : TypedResults.Ok(await reports.BetaAccuracyAsync(job, history, asked.Selections[0], cancellationToken));
    }

    private static async Task<JobReport> ReadAsync(
        HttpContext context, Job job, PastJobList history, ReportReader reports, ReportDatasets datasets, CancellationToken cancellationToken)
    {
        var report = await reports.ReadAsync(job, history, datasets, context.Caller(), cancellationToken);
        if (report.Dataset.IsPending)
        {
            context.Response.Headers.Remove("ETag");
        }

        return report;
    }
}
