using Microsoft.EntityFrameworkCore;
using NeuralCapacitance.Infrastructure.Jobs;
using NeuralCapacitance.Infrastructure.Postgres;
using NeuralCapacitance.Infrastructure.Postgres.Model;

namespace NeuralCapacitance.Infrastructure.Access;

/// <summary>
/// Who changed what, and from where. What happens in the database is noted in the transaction that does it (<see cref="AuditRows.Note"/>): there is no change
/// without its line, and no line without its change. What happens to files is noted here, after it.
/// </summary>
public sealed class AuditTrail
{
    private readonly IDbContextFactory<ServiceDbContext> _contexts;
    private readonly TimeProvider _clock;

    internal AuditTrail(IDbContextFactory<ServiceDbContext> contexts, TimeProvider clock)
    {
        _contexts = contexts;
        _clock = clock;
    }

    public async Task NoteAsync(Actor actor, AuditAction action, string subject, CancellationToken cancellationToken, string? detail = null)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        context.Note(actor, action, subject, _clock.GetPostgresNow(), detail);
        await context.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Newest first.</summary>
    /// <exception cref="FormatException">The cursor is not one of ours.</exception>
    public async Task<Page<AuditEntry>> ListAsync(int limit, string? cursor, CancellationToken cancellationToken, string? owner = null, AuditAction? action = null, string? subject = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        var before = cursor is null ? long.MaxValue : PageCursor.Parse(Listing, cursor);
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        var rows = await context.Audit.AsNoTracking()
            .Where(a => a.Id < before && (owner == null || a.Owner == owner) && (action == null || a.Action == action) && (subject == null || a.Subject == subject))
            .OrderByDescending(a => a.Id)
            .Take(limit + 1)
            .ToListAsync(cancellationToken);
        return Page<AuditEntry>.Of([.. rows.Select(row => row.ToEntry())], limit, entry => PageCursor.After(Listing, entry.Id));
    }

    private const string Listing = "audit";
}
