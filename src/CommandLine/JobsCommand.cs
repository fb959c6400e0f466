using System.CommandLine;
using System.Globalization;
using NeuralCapacitance.Client;
using NeuralCapacitance.Client.Models;
using Spectre.Console;

namespace NeuralCapacitance.CommandLine;

/// <summary><c>jobs</c>: which there are, newest first.</summary>
internal static class JobsCommand
{
    private const int DefaultLimit = 20;

    private static readonly string[] States = [.. Enum.GetNames<JobState>().Where(name => name != nameof(JobState.Unknown)).Select(name => name.ToLowerInvariant())];

    public static Command Create(Surroundings surroundings)
    {
        var state = new Option<string[]>("--state") { Description = "Only in this state, or in one of several.", AllowMultipleArgumentsPerToken = true };
        state.AcceptOnlyFromAmong(States);
        var name = new Option<string?>("--name") { Description = "Only with this in the label." };
        var dataset = new Option<string?>("--dataset") { Description = "Only on this data set: its name in the spec, or the last part of its path." };
        var limit = new Option<int>("--limit") { Description = "At most so many.", DefaultValueFactory = _ => DefaultLimit };
        var json = JsonOutput.Option();
        return new Command("jobs", "Show jobs, newest first.") { state, name, dataset, limit, json }.Asks(surroundings, async (client, arguments, cancellationToken) =>
        {
            var most = arguments.GetValue(limit);
            if (most < 1) throw new CommandException($"--limit {most} is none; a whole number, at least 1, would be accepted.");
            var query = new JobQuery
            {
                States = [.. (arguments.GetValue(state) ?? []).Select(word => Enum.Parse<JobState>(word, ignoreCase: true))],
                Name = arguments.GetValue(name),
                Dataset = arguments.GetValue(dataset),
                PageSize = Math.Min(most, JobQuery.MaxPageSize),
            };
            var jobs = await client.Jobs.ListAsync(query, cancellationToken).Take(most).ToListAsync(cancellationToken);
            if (arguments.GetValue(json)) surroundings.WriteJson(jobs);
            else if (jobs.Count > 0) surroundings.Results.Write(TableOf(jobs));
            else surroundings.Notes.MarkupLine("No job fits.");
            return ExitCode.Answered;
        });
    }

    private static Table TableOf(IEnumerable<Job> jobs)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("Job", "Label", "State", "Epochs", "Candidates", "Data set", "Created (UTC)");
        foreach (var job in jobs)
        {
            table.AddRow([.. new[]
            {
                job.Id.ToString(), job.Name ?? "", job.State.ToString().ToLowerInvariant(), Format($"{job.Progress.EpochsDone} of {job.Progress.Epochs}"),
                Format($"{job.Spec.Candidates.Count}"), NameOf(job.Spec.Dataset), Format($"{job.CreatedAt.UtcDateTime:yyyy-MM-dd HH:mm}"),
            }.Select(cell => new Text(cell))]);
        }

        table.Columns[0].NoWrap();
        return table;
    }

    /// <summary>What <c>--dataset</c> would be to find it.</summary>
    private static string NameOf(DatasetSpec dataset) => dataset.Path?.Split('/', StringSplitOptions.RemoveEmptyEntries).LastOrDefault() ?? dataset.Name;

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
