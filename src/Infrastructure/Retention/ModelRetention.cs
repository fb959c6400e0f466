using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Infrastructure.Access;
using NeuralCapacitance.Infrastructure.Artifacts;
using NeuralCapacitance.Infrastructure.Postgres;

namespace NeuralCapacitance.Infrastructure.Retention;

/// <summary>Models of finalizations that have ended. The finalization stays, and a note on its trial says what became of the file.</summary>
internal sealed class ModelRetention(
    IDbContextFactory<ServiceDbContext> contexts, ArtifactStore artifacts, ActiveNeeds needs, RemovalGate gate, TimeProvider clock, IOptions<RetentionOptions> options) : IRetentionRule
{
    public string Kind => "models";

    public RetentionLimit Limit => options.Value.Models;

    public async Task<IReadOnlyList<RetentionCandidate>> FindAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (Limit.IsNone) return [];
        var models = await ModelsAsync(cancellationToken);
        var weights = await needs.WeightsAsync(cancellationToken);
        return
        [
            .. Limit.ExpiredOf(models.Select(model => new Dated<Model>(model, model.FinishedAt)), now)
                .Select(expired => new RetentionCandidate(
                    new(expired.Item.Path, expired.Item.Bytes, expired.UsedAt, expired.Why),
                    WhyKept(expired.Item, weights),
                    token => RemoveAsync(expired.Item, token))),
        ];
    }

    private async Task<string?> RemoveAsync(Model model, CancellationToken cancellationToken)
    {
        await using var closed = await gate.CloseAsync(cancellationToken);
        if (WhyKept(model, await needs.WeightsAsync(cancellationToken)) is { } needed) return needed;
        await using var transaction = await JobTransaction.BeginAsync(contexts, cancellationToken);
        if (!await transaction.LockJobOfTrialAsync(model.TrialId, cancellationToken)) return null;
        var trial = await transaction.Context.Trials.SingleAsync(t => t.Id == model.TrialId, cancellationToken);
        if (trial.WeightsPath != model.Path) return null;
        trial.WeightsPath = null;
        trial.Notes = [.. trial.Notes, $"Its model was removed on {clock.GetUtcNow():yyyy-MM-dd} ({RetentionOptions.Section}:ModelAge, ModelCount)."];
        transaction.Context.Note(Actor.Service, AuditAction.Expired, AuditSubject.Job(trial.JobId), clock.GetPostgresNow(), "model");
        await transaction.ChangeFinalizedJobAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        // Where this fails, no row names the file any more: the sweep of leftovers takes it.
        artifacts.FindSaved(model.Path)?.Delete();
        return null;
    }

    private string? WhyKept(Model model, ILookup<string, Guid> weights)
    {
        var user = artifacts.FindSaved(model.Path) is { } file ? weights[file.FullName].FirstOrDefault() : Guid.Empty;
        return user == Guid.Empty ? null : $"job {user}, which has not ended, starts from it";
    }

    private async Task<List<Model>> ModelsAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Jobs.AsNoTracking().Where(j => j.Finalizes != null && j.FinishedAt != null)
            .Join(context.Trials.Where(t => t.WeightsPath != null && t.WeightsBytes != null), j => j.Id, t => t.JobId, (j, t) => new Model(t.Id, t.WeightsPath!, t.WeightsBytes!.Value, j.FinishedAt!.Value))
            .ToListAsync(cancellationToken);
    }

    /// <param name="Path">Relative to the artifact root.</param>
    private sealed record Model(Guid TrialId, string Path, long Bytes, DateTimeOffset FinishedAt);
}
