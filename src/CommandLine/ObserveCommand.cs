using System.CommandLine;

namespace NeuralCapacitance.CommandLine;

/// <summary><c>observe</c>: where candidates cannot be told apart, the job that looks further.</summary>
internal static class ObserveCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var id = JobCommands.Id();
        var submission = new Submission(surroundings);
        var observe = new Command("observe", "Where candidates cannot be told apart, submit the job that observes more epochs of them.") { id };
        foreach (var option in submission.Options) observe.Add(option);
        return observe.Asks(surroundings, async (client, arguments, cancellationToken) =>
        {
            var job = await client.Jobs.GetAsync(arguments.GetRequiredValue(id), cancellationToken);
            var ranking = await client.Jobs.GetRankingAsync(job.Id, cancellationToken: cancellationToken);
            if (ranking.Answer is not { Further: { } further })
            {
                throw new CommandException($"Job {job.Id} is no tie that more epochs would decide. {Verdict.Of(ranking).Sentence}");
            }

            var made = await client.Jobs.SubmitAsync(further.From(job.Spec), cancellationToken: cancellationToken);
            return await submission.TellAsync(client, made, arguments, cancellationToken);
        });
    }
}
