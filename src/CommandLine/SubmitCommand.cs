using System.CommandLine;
using NeuralCapacitance.Client;
using NeuralCapacitance.Client.Models;
using Spectre.Console;

namespace NeuralCapacitance.CommandLine;

/// <summary><c>submit</c>: a spec from a file or standard input, and with <c>--wait</c> the whole way to its ranking.</summary>
internal static class SubmitCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var spec = new Argument<string>("SPEC") { Description = "Job spec (JSON): a file, or - for standard input." };
        var key = new Option<string?>("--idempotency-key") { Description = "The same key submits the same job once, however often the command is repeated within a day." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Submit nothing: measure a few steps of each candidate, and show what the job would cost. Exit code 3: it would be refused." };
        var submission = new Submission(surroundings);
        var submit = new Command("submit", "Submit a job.") { spec, dryRun, key };
        foreach (var option in submission.Options) submit.Add(option);
        return submit.Asks(surroundings, async (client, arguments, cancellationToken) =>
        {
            var text = await ReadAsync(arguments.GetRequiredValue(spec), surroundings, cancellationToken);
            if (arguments.GetValue(dryRun)) return Tell(surroundings, await client.Jobs.EstimateAsync(text, cancellationToken), submission.IsJson(arguments));
            var idempotencyKey = arguments.GetValue(key) ?? Guid.NewGuid().ToString();
            Job job;
            try
            {
                job = await client.Jobs.SubmitAsync(text, idempotencyKey, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                surroundings.Notes.MarkupLineInterpolated(
                    $"[yellow]It is not known whether the service has the job.[/] The same command with `--idempotency-key {idempotencyKey}` finds it, or submits it.");
                return ExitCode.Interrupted;
            }

            return await submission.TellAsync(client, job, arguments, cancellationToken);
        });
    }

    private static int Tell(Surroundings surroundings, JobEstimate estimate, bool asJson)
    {
        if (asJson) surroundings.WriteJson(estimate);
        else EstimateTable.Write(surroundings.Results, estimate);
        foreach (var problem in estimate.Problems) surroundings.Notes.MarkupLineInterpolated($"[yellow]Note:[/] {problem}");
        if (estimate.Obstacles.Count == 0) return ExitCode.Answered;
        surroundings.Notes.MarkupLine("[red]As it is, the job would be refused:[/]");
        Refusals.Write(surroundings.Notes, estimate.Obstacles);
        return ExitCode.Refused;
    }

    private static async Task<string> ReadAsync(string spec, Surroundings surroundings, CancellationToken cancellationToken)
    {
        try
        {
            using var reader = new StreamReader(spec is "-" ? surroundings.OpenInput() : File.OpenRead(spec));
            return await reader.ReadToEndAsync(cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"The spec cannot be read: {e.Message} A file with a job spec, or - for standard input, would be accepted.");
        }
    }
}
