using System.Globalization;
using System.Text.Json;
using NeuralCapacitance.Api.Json;
using NeuralCapacitance.Api.Keys;
using NeuralCapacitance.Domain.Access;
using NeuralCapacitance.Infrastructure.Access;
using NeuralCapacitance.Worker.Settings;
using Spectre.Console;

namespace NeuralCapacitance.Api.CommandLine;

/// <summary>The database, for the time of one command. What was asked for goes to standard output, and all that is said besides to standard error.</summary>
internal sealed class KeysSession(ApiKeyStore keys, TimeProvider clock, TextWriter output, TextWriter remarks)
{
    private static readonly JsonSerializerOptions Json = JsonServices.Configure(new JsonSerializerOptions(JsonSerializerDefaults.Web) { WriteIndented = true });

    public ApiKeyStore Keys => keys;

    public DateTimeOffset Now => clock.GetUtcNow();

    /// <param name="settings">As <c>--Section:Key=value</c>.</param>
    /// <returns>The exit code.</returns>
    public static Task<int> RunAsync(IReadOnlyList<string> settings, Func<KeysSession, Task<int>> run, CancellationToken cancellationToken) => CommandHost.RunAsync(
        settings,
        async services =>
        {
            try
            {
                return await run(new(services.GetRequiredService<ApiKeyStore>(), services.GetRequiredService<TimeProvider>(), Console.Out, Console.Error));
            }
            catch (KeyNameTakenException taken)
            {
                await Console.Error.WriteLineAsync(taken.Message);
                return 1;
            }
        },
        cancellationToken);

    /// <summary>The secret alone, so that a script can take it as it is.</summary>
    public int Write(NewApiKey made, bool json)
    {
        output.WriteLine(json ? JsonSerializer.Serialize(new NewKeyResponse(KeyResponse.Of(made.Key, Now), made.Secret), Json) : made.Secret);
        remarks.WriteLine(Sentence(made.Key));
        return 0;
    }

    public int WriteRevoked(ApiKey key, bool json)
    {
        if (json) output.WriteLine(JsonSerializer.Serialize(KeyResponse.Of(key, Now), Json));
        remarks.WriteLine($"Revoked '{key.Name}'; a service that runs refuses it within seconds.");
        return 0;
    }

    public int Write(IReadOnlyList<ApiKey> all, bool json)
    {
        var shown = all.Select(key => KeyResponse.Of(key, Now)).ToList();
        if (json) output.WriteLine(JsonSerializer.Serialize(new KeyList(shown), Json));
        else if (shown.Count == 0) remarks.WriteLine("There are no keys.");
        else WriteTable(shown);
        return 0;
    }

    public int Unknown(string name)
    {
        remarks.WriteLine($"No key that was not revoked is called '{name}'; `keys list` shows all.");
        return 1;
    }

    private static string Sentence(ApiKey key)
    {
        var end = key.ExpiresAt is { } at ? $"until {Text(at)}" : "until it is revoked";
        var previous = key.PreviousUntil is { } until ? $" The secret before it is taken until {Text(until)}." : "";
        return $"Key '{key.Name}', role {RoleWords.Of(key.Role)}, good {end}.{previous} Its secret is shown this once.";
    }

    private void WriteTable(IEnumerable<KeyResponse> all)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output), Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors });
        console.Profile.Width = 160;
        var table = new Table().Border(TableBorder.Simple).AddColumns("Name", "Role", "State", "Created", "Expires", "Last used");
        foreach (var key in all) table.AddRow([.. Cells(key).Select(cell => new Text(cell))]);
        console.Write(table);
    }

    private static IEnumerable<string> Cells(KeyResponse key) =>
    [
        key.Name, RoleWords.Of(key.Role), key.State.ToString().ToLowerInvariant(), Text(key.CreatedAt), key.ExpiresAt is { } end ? Text(end) : "never", key.LastUsedAt is { } used ? Text(used) : "never",
    ];

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);
}
