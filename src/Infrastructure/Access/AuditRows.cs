using NeuralCapacitance.Infrastructure.Postgres;
using NeuralCapacitance.Infrastructure.Postgres.Model;

namespace NeuralCapacitance.Infrastructure.Access;

internal static class AuditRows
{
    /// <summary>Adds the line to what the running transaction saves.</summary>
    public static void Note(this ServiceDbContext context, Actor actor, AuditAction action, string subject, DateTimeOffset now, string? detail = null) => context.Add(new AuditRow
    {
        At = now,
        Owner = actor.Owner,
        Name = actor.Caller.Name,
        Address = actor.Address,
        Action = action,
        Subject = subject,
        Detail = detail,
    });
}
