using System.CommandLine;
using NeuralCapacitance.Domain.Access;
using NeuralCapacitance.Infrastructure.Access;

namespace NeuralCapacitance.Api.CommandLine;

/// <summary><c>keys</c>: who is let in, decided on the machine itself, where no key is needed. Works beside a service that runs, and without one.</summary>
internal static class KeysCommand
{
    public static Command Create() => new("keys", "Make, list, rotate and revoke API keys on this machine. Settings are those of `serve`, passed as --Section:Key=value.")
    {
        CreateKey(), List(), Rotate(), Revoke(),
    };

    private static Command CreateKey()
    {
        var name = new Option<string>("--name") { Description = "What the key is for; its jobs belong to it.", Required = true };
        var role = new Option<string>("--role") { Description = $"What it may do: {RoleWords.Accepted}.", Required = true };
        var expires = new Option<string?>("--expires") { Description = "How long from now it is good, such as 90d; without, until it is revoked." };
        Check(name, KeyRules.IsName, KeyRules.AcceptedName);
        Check(role, word => RoleWords.Parse(word) is not null, RoleWords.Accepted);
        Check(expires, text => KeyRules.ExpiryOf(text) is not null, KeyRules.AcceptedExpiry);
        return Define("create", "Make a key. Its secret, shown this once, is all that is written to standard output.", [name, role, expires], async (arguments, session, json, cancellationToken) =>
        {
            var end = arguments.GetValue(expires) is { } text ? session.Now + KeyRules.ExpiryOf(text) : null;
            return session.Write(await session.Keys.CreateAsync(arguments.GetValue(name)!, RoleWords.Parse(arguments.GetValue(role)!)!.Value, end, Actor.Service, cancellationToken), json);
        });
    }

    private static Command List() => Define("list", "List all keys, with role, expiry and last use.", [], async (_, session, json, cancellationToken) =>
        session.Write(await session.Keys.ListAsync(cancellationToken), json));

    private static Command Rotate()
    {
        var name = NameArgument();
        var overlap = new Option<string?>("--overlap") { Description = "How long the old secret stays good, such as 24h; without, it ends at once." };
        Check(overlap, text => KeyRules.OverlapOf(text) is not null, KeyRules.AcceptedOverlap);
        return Define("rotate", "Give a key a new secret, shown this once.", [name, overlap], async (arguments, session, json, cancellationToken) =>
        {
            var known = arguments.GetValue(name)!;
            var kept = arguments.GetValue(overlap) is { } text ? KeyRules.OverlapOf(text)!.Value : TimeSpan.Zero;
            return await session.Keys.RotateAsync(known, kept, Actor.Service, cancellationToken) is { } rotated ? session.Write(rotated, json) : session.Unknown(known);
        });
    }

    private static Command Revoke()
    {
        var name = NameArgument();
        return Define("revoke", "Revoke a key: it is refused within seconds.", [name], async (arguments, session, json, cancellationToken) =>
        {
            var known = arguments.GetValue(name)!;
            return await session.Keys.RevokeAsync(known, Actor.Service, cancellationToken) is { } revoked ? session.WriteRevoked(revoked, json) : session.Unknown(known);
        });
    }

    private static Argument<string> NameArgument() => new("NAME") { Description = "Of the key." };

    private static Command Define(string name, string description, IEnumerable<Symbol> symbols, Func<ParseResult, KeysSession, bool, CancellationToken, Task<int>> run)
    {
        var json = new Option<bool>("--json") { Description = "Write JSON." };
        var command = new Command(name, description) { json };
        foreach (var symbol in symbols)
        {
            if (symbol is Option option) command.Add(option);
            else command.Add((Argument)symbol);
        }

        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((arguments, cancellationToken) => KeysSession.RunAsync(
            arguments.UnmatchedTokens, session => run(arguments, session, arguments.GetValue(json), cancellationToken), cancellationToken));
        return command;
    }

    private static void Check<T>(Option<T> option, Func<string, bool> accepts, string accepted) => option.Validators.Add(result =>
    {
        foreach (var token in result.Tokens.Where(token => !accepts(token.Value))) result.AddError($"{option.Name} '{token.Value}' is not accepted; accepted is {accepted}.");
    });
}
