using System.CommandLine;

namespace NeuralCapacitance.CommandLine;

/// <summary><c>report</c>: a job's report or one of its plots, in the format that the file's ending says.</summary>
internal static class ReportCommand
{
    private static readonly string[] Plots = ["ranking", "curves", "beta", "beta-accuracy", "race"];

    public static Command Create(Surroundings surroundings)
    {
        var id = JobCommands.Id();
        var to = new Option<FileInfo?>("--out") { Description = "Where to: .html, .md, or a plot as .svg or .png. Without it, Markdown on standard output." };
        var plot = new Option<string>("--plot") { Description = "Which plot, for .svg and .png.", DefaultValueFactory = _ => Plots[0] };
        plot.AcceptOnlyFromAmong(Plots);
        var report = new Command("report", "Write a job's report, for a ticket, a pull request or a job summary.") { id, to, plot };
        return report.Asks(surroundings, async (client, arguments, cancellationToken) =>
        {
            var job = arguments.GetRequiredValue(id);
            if (arguments.GetValue(to) is not { } file)
            {
                await using var output = surroundings.OpenOutput();
                await client.Jobs.CopyReportAsync(job, "report.md", output, cancellationToken);
                return ExitCode.Answered;
            }

            var part = PartOf(file, arguments.GetRequiredValue(plot));
            // A file that is there stays as it is until the new one is whole.
            var unfinished = $"{file.FullName}.part";
            try
            {
                await using (var output = File.Create(unfinished))
                {
                    await client.Jobs.CopyReportAsync(job, part, output, cancellationToken);
                }

                File.Move(unfinished, file.FullName, overwrite: true);
            }
            finally
            {
                File.Delete(unfinished);
            }

            return ExitCode.Answered;
        });
    }

    private static string PartOf(FileInfo file, string plot) => file.Extension.ToLowerInvariant() switch
    {
        ".html" or ".htm" => "report",
        ".md" => "report.md",
        ".svg" => $"plots/{plot}.svg",
        ".png" => $"plots/{plot}.png",
        _ => throw new CommandException($"--out {file.Name} has an ending that no report has; .html, .md, .svg and .png would be accepted."),
    };
}
