using Microsoft.Extensions.Options;
using NeuralCapacitance.Infrastructure.Postgres;
using NeuralCapacitance.Infrastructure.Postgres.Embedded;

namespace NeuralCapacitance.Worker.Settings;

/// <summary>Why a program could not start, where the operator can do something about it.</summary>
public static class StartFailure
{
    /// <returns>A sentence for each thing that is wrong. Empty: a defect, whose stack trace matters.</returns>
    public static IReadOnlyList<string> Explain(Exception exception) => exception switch
    {
        SettingsException settings => settings.Faults,
        OptionsValidationException invalid => [.. invalid.Failures],
        AggregateException several => [.. several.Flatten().InnerExceptions.SelectMany(Explain)],
        EmbeddedPostgresException or DatabaseTooOldException or IOException or UnauthorizedAccessException or IForeseenFault => [exception.Message],
        Npgsql.NpgsqlException => [$"{exception.Message} (ConnectionStrings:Postgres names the database.)"],
        // A file of settings that is no JSON; its inner exception has the line.
        InvalidDataException when exception.InnerException is { } inner => [$"{exception.Message} {inner.Message}"],
        _ when exception.InnerException is { } inner => Explain(inner),
        _ => [],
    };

    /// <summary>As a plain list, one fault a line.</summary>
    /// <param name="program">As <c>The service</c>.</param>
    public static string Describe(string program, IReadOnlyList<string> faults) => faults is [var only]
        ? $"{program} cannot start: {only}"
        : $"{program} cannot start; {faults.Count} things are wrong:\n{string.Join('\n', faults.Select(fault => $"- {fault}"))}";
}

/// <summary>An exception whose message tells an operator what to do.</summary>
public interface IForeseenFault;
