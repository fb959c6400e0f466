using System.CommandLine;
using NeuralCapacitance.Client;
using NeuralCapacitance.Client.Models;
using Spectre.Console;

namespace NeuralCapacitance.CommandLine;

/// <summary>What becomes of a job that was just submitted: its id is written, or with <c>--wait</c> it is followed to its ranking.</summary>
internal sealed class Submission(Surroundings surroundings)
{
    private readonly Option<bool> _wait = new("--wait") { Description = "Follow the job, and end with its ranking. Exit code: 0 answered, 1 cannot tell, 2 failed, 3 refused." };
    private readonly Option<bool> _cancel = new("--cancel-on-interrupt") { Description = "Ctrl-C cancels the job, which else goes on." };
    private readonly Option<bool> _json = JsonOutput.Option();
    private readonly Option<ProgressMode> _progress = ProgressOption.Create();

    public IReadOnlyList<Option> Options => [_wait, _cancel, _json, _progress];

    public bool IsJson(ParseResult arguments) => arguments.GetValue(_json);

    /// <summary>Returns the exit code.</summary>
    public async Task<int> TellAsync(NeuralCapacitanceClient client, Job job, ParseResult arguments, CancellationToken cancellationToken)
    {
        foreach (var problem in job.Problems) surroundings.Notes.MarkupLineInterpolated($"[yellow]Note:[/] {problem}");
        if (arguments.GetValue(_wait))
        {
            surroundings.Notes.MarkupLineInterpolated($"[grey]Job {job.Id}, {job.Progress.Trials} trials. Watch it at {new Uri(client.Address, job.Links.Page)}[/]");
            return await new JobWatch(client, surroundings)
            {
                CancelOnInterrupt = arguments.GetValue(_cancel), Json = arguments.GetValue(_json), Progress = arguments.GetValue(_progress),
            }.ToEndAsync(job, cancellationToken);
        }

        if (arguments.GetValue(_json)) surroundings.WriteJson(job);
        else await surroundings.Output.WriteLineAsync(job.Id.ToString());
        return ExitCode.Answered;
    }
}
