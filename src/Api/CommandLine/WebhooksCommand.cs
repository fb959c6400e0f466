using System.CommandLine;
using NeuralCapacitance.Domain.Access;
using NeuralCapacitance.Infrastructure.Access;
using NeuralCapacitance.Infrastructure.Webhooks;

namespace NeuralCapacitance.Api.CommandLine;

/// <summary><c>webhooks</c>: the secret that signs notifications of jobs without a key, or of a key's. Works beside a service that runs, and without one.</summary>
internal static class WebhooksCommand
{
    public static Command Create() => new("webhooks", "Show or rotate the secrets that sign notifications. Settings are those of `serve`, passed as --Section:Key=value.") { Secret() };

    private static Command Secret()
    {
        var key = new Option<string?>("--key") { Description = "Name of the key whose secret it is; without, the installation's, for jobs without a key." };
        var rotate = new Option<bool>("--rotate") { Description = "Make a new one first. For a day the one before it signs as well." };
        var command = new Command("secret", "Write the secret, and nothing else, to standard output.") { key, rotate };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((arguments, cancellationToken) => CommandHost.RunAsync(
            arguments.UnmatchedTokens,
            services => WriteAsync(services, arguments.GetValue(key), arguments.GetValue(rotate), cancellationToken),
            cancellationToken));
        return command;
    }

    private static async Task<int> WriteAsync(IServiceProvider services, string? key, bool rotate, CancellationToken cancellationToken)
    {
        var keys = await services.GetRequiredService<ApiKeyStore>().ListAsync(cancellationToken);
        if (key is not null && !keys.Any(known => known.RevokedAt is null && known.Name == key))
        {
            await Console.Error.WriteLineAsync($"No key that was not revoked is called '{key}'; `keys list` shows all.");
            return 1;
        }

        var settings = services.GetRequiredService<WebhookSettingsStore>();
        var owner = key is null ? Caller.LocalOwner : ApiKey.OwnerOf(key);
        try
        {
            var shown = rotate ? await settings.RotateAsync(owner, Actor.Service, cancellationToken) : await settings.GetAsync(owner, cancellationToken);
            await Console.Out.WriteLineAsync(shown.Secret);
            if (shown.PreviousUntil is { } until) await Console.Error.WriteLineAsync($"The secret before it signs too, until {until.UtcDateTime:yyyy-MM-dd HH:mm'Z'}.");
            return 0;
        }
        catch (WebhookSecretUnreadableException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }
}
