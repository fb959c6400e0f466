using System.CommandLine;
using NeuralCapacitance.Client;
using Spectre.Console;

namespace NeuralCapacitance.CommandLine;

/// <summary><c>watch</c>, <c>ranking</c> and <c>cancel</c>: what is asked of a job by its id.</summary>
internal static class JobCommands
{
    public static Argument<Guid> Id() => new("ID") { Description = "Id of the job, as submit wrote it." };

    public static Command Watch(Surroundings surroundings)
    {
        var (id, json, progress) = (Id(), JsonOutput.Option(), ProgressOption.Create());
        var cancel = new Option<bool>("--cancel-on-interrupt") { Description = "Ctrl-C cancels the job, which else goes on." };
        return new Command("watch", "Follow a job to its end, with the exit codes of submit --wait.") { id, cancel, json, progress }.Asks(surroundings, async (client, arguments, cancellationToken) =>
        {
            var job = await client.Jobs.GetAsync(arguments.GetRequiredValue(id), cancellationToken);
            return await new JobWatch(client, surroundings)
            {
                CancelOnInterrupt = arguments.GetValue(cancel), Json = arguments.GetValue(json), Progress = arguments.GetValue(progress),
            }.ToEndAsync(job, cancellationToken);
        });
    }

    public static Command Ranking(Surroundings surroundings)
    {
        var (id, json) = (Id(), JsonOutput.Option());
        var predictor = new Option<string[]>("--predictor") { Description = "Ask another predictor, or several.", AllowMultipleArgumentsPerToken = true };
        var observe = new Option<int?>("--observe") { Description = "Epochs to look at." };
        return new Command("ranking", "Show a job's ranking, by what was observed so far.") { id, predictor, observe, json }.Asks(surroundings, async (client, arguments, cancellationToken) =>
        {
            var query = new RankingQuery { Observe = arguments.GetValue(observe), Predictors = arguments.GetValue(predictor) ?? [] };
            var ranking = await client.Jobs.GetRankingAsync(arguments.GetRequiredValue(id), query, cancellationToken);
            if (arguments.GetValue(json))
            {
                surroundings.WriteJson(ranking);
                return ExitCode.Answered;
            }

            surroundings.Results.MarkupLineInterpolated($"[bold]{Verdict.Of(ranking).Sentence}[/]");
            RankingTable.Write(surroundings.Results, ranking);
            return ExitCode.Answered;
        });
    }

    public static Command Cancel(Surroundings surroundings)
    {
        var (id, json) = (Id(), JsonOutput.Option());
        return new Command("cancel", "Stop a job.") { id, json }.Asks(surroundings, async (client, arguments, cancellationToken) =>
        {
            var job = await client.Jobs.CancelAsync(arguments.GetRequiredValue(id), cancellationToken);
            if (arguments.GetValue(json)) surroundings.WriteJson(job);
            else await surroundings.Output.WriteLineAsync(job.State.ToString().ToLowerInvariant());
            return ExitCode.Answered;
        });
    }
}
