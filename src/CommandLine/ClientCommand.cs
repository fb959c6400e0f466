using System.CommandLine;
using NeuralCapacitance.Client;
using Spectre.Console;

namespace NeuralCapacitance.CommandLine;

/// <summary>A command that asks the service.</summary>
internal static class ClientCommand
{
    /// <summary>Adds the options that all have, and turns what goes wrong into a sentence and an exit code.</summary>
    /// <param name="act">Returns the exit code.</param>
    public static Command Asks(this Command command, Surroundings surroundings, Func<NeuralCapacitanceClient, ParseResult, CancellationToken, Task<int>> act)
    {
        var address = new ServiceAddress();
        address.AddTo(command);
        command.SetAction(async (arguments, cancellationToken) =>
        {
            Uri? asked = null;
            try
            {
                using var client = address.Connect(arguments, surroundings);
                asked = client.Address;
                return await act(client, arguments, cancellationToken);
            }
            catch (ServiceException refused)
            {
                Refusals.Write(surroundings.Notes, refused);
                return (int)refused.Status >= 500 ? ExitCode.Failed : ExitCode.Refused;
            }
            catch (CommandException wrong)
            {
                surroundings.Notes.MarkupLineInterpolated($"[red]{wrong.Message}[/]");
                return ExitCode.Refused;
            }
            catch (FileNotFoundException absent)
            {
                surroundings.Notes.MarkupLineInterpolated($"[red]{absent.Message}[/]");
                return ExitCode.Refused;
            }
            catch (HttpRequestException e)
            {
                surroundings.Notes.MarkupLineInterpolated($"[red]The service at {asked} cannot be reached: {e.Message}[/] (--url or {ServiceAddress.UrlVariable} names another.)");
                return ExitCode.Failed;
            }
            catch (Exception e) when (e is IOException or TimeoutException or InvalidDataException or UnauthorizedAccessException)
            {
                surroundings.Notes.MarkupLineInterpolated($"[red]{e.Message}[/]");
                return ExitCode.Failed;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return ExitCode.Interrupted;
            }
        });
        return command;
    }
}
