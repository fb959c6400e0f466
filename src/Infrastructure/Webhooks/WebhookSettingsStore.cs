using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using NeuralCapacitance.Domain.Notifications;
using NeuralCapacitance.Infrastructure.Access;
using NeuralCapacitance.Infrastructure.Postgres;
using NeuralCapacitance.Infrastructure.Postgres.Model;

namespace NeuralCapacitance.Infrastructure.Webhooks;

/// <summary>The secret of an owner was protected with keys that this node does not have.</summary>
public sealed class WebhookSecretUnreadableException(string owner, Exception cause)
    : Exception($"The webhook secret of {owner} cannot be read on this node: it was made with another Storage:Root. Share that folder between the nodes that serve HTTP, or rotate the secret.", cause);

/// <param name="Secret">What signs; begins with <c>whsec_</c>.</param>
/// <param name="PreviousUntil">Until then the secret before it signs too; null: it does not.</param>
/// <param name="Notify">Whom jobs tell that name nobody.</param>
public sealed record WebhookSettings(string Secret, DateTimeOffset? PreviousUntil, IReadOnlyList<NotifySpec> Notify);

/// <summary>
/// Secrets and default receivers by owner, in Postgres. Secrets have to be read again to sign, so they are not hashed but protected, by keys that lie below <c>Storage:Root</c>
/// and not in the database: a dump alone does not tell them.
/// </summary>
public sealed class WebhookSettingsStore
{
    /// <summary>Long enough for receivers to be told the new one.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromHours(24);

    private readonly IDbContextFactory<ServiceDbContext> _contexts;
    private readonly IDataProtector _protector;

    internal WebhookSettingsStore(IDbContextFactory<ServiceDbContext> contexts, IDataProtectionProvider protection)
    {
        _contexts = contexts;
        _protector = protection.CreateProtector("webhook-secrets");
    }

    /// <summary>With a secret that is made when it is asked for first.</summary>
    /// <exception cref="WebhookSecretUnreadableException" />
    public async Task<WebhookSettings> GetAsync(string owner, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        await EnsureAsync(context, owner, cancellationToken);
        var row = await context.WebhookSettings.AsNoTracking().SingleAsync(s => s.Owner == owner, cancellationToken);
        return new(Reveal(owner, row.Secret!), row.PreviousUntil > await context.NowAsync(cancellationToken) ? row.PreviousUntil : null, row.Receivers);
    }

    /// <summary>Whom jobs of the owner tell that name nobody.</summary>
    public async Task<IReadOnlyList<NotifySpec>> ReceiversAsync(string owner, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        return (await context.WebhookSettings.AsNoTracking().SingleOrDefaultAsync(s => s.Owner == owner, cancellationToken))?.Receivers ?? [];
    }

    /// <param name="receivers">Of jobs that come from now on.</param>
    public async Task SetReceiversAsync(string owner, IReadOnlyList<NotifySpec> receivers, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        await EnsureAsync(context, owner, cancellationToken);
        var row = await context.WebhookSettings.SingleAsync(s => s.Owner == owner, cancellationToken);
        row.Receivers = receivers;
        await context.SaveChangesAsync(cancellationToken);
    }

    /// <summary>A new secret; for a day the one before it signs as well.</summary>
    public async Task<WebhookSettings> RotateAsync(string owner, Actor by, CancellationToken cancellationToken)
    {
        await using (var context = await _contexts.CreateDbContextAsync(cancellationToken))
        {
            await EnsureAsync(context, owner, cancellationToken);
            var row = await context.WebhookSettings.SingleAsync(s => s.Owner == owner, cancellationToken);
            var now = await context.NowAsync(cancellationToken);
            (row.PreviousSecret, row.PreviousUntil) = (row.Secret, now + Overlap);
            row.Secret = _protector.Protect(WebhookSignature.CreateSecret());
            context.Note(by, AuditAction.Rotated, $"webhook-secret:{owner}", now);
            await context.SaveChangesAsync(cancellationToken);
        }
        return await GetAsync(owner, cancellationToken);
    }

    /// <summary>What signs now, the newest first.</summary>
    /// <exception cref="WebhookSecretUnreadableException" />
    internal async Task<IReadOnlyList<string>> SecretsAsync(string owner, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        await EnsureAsync(context, owner, cancellationToken);
        var row = await context.WebhookSettings.AsNoTracking().SingleAsync(s => s.Owner == owner, cancellationToken);
        var secret = Reveal(owner, row.Secret!);
        var isPreviousGood = row.PreviousSecret is not null && row.PreviousUntil > await context.NowAsync(cancellationToken);
        return isPreviousGood && TryReveal(row.PreviousSecret!) is { } previous ? [secret, previous] : [secret];
    }

    /// <summary>Of two that make the first secret at once, one wins.</summary>
    private async Task EnsureAsync(ServiceDbContext context, string owner, CancellationToken cancellationToken)
    {
        if (await context.WebhookSettings.AnyAsync(s => s.Owner == owner && s.Secret != null, cancellationToken)) return;
        var secret = _protector.Protect(WebhookSignature.CreateSecret());
        await context.Database.ExecuteSqlAsync(
            $"""
             INSERT INTO webhook_settings (owner, secret) VALUES ({owner}, {secret})
             ON CONFLICT (owner) DO UPDATE SET secret = EXCLUDED.secret WHERE webhook_settings.secret IS NULL
             """,
            cancellationToken);
    }

    private string Reveal(string owner, string secret)
    {
        try
        {
            return _protector.Unprotect(secret);
        }
        catch (CryptographicException e)
        {
            throw new WebhookSecretUnreadableException(owner, e);
        }
    }

    private string? TryReveal(string secret)
    {
        try
        {
            return _protector.Unprotect(secret);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
