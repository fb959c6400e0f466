using Microsoft.Extensions.Options;
using NeuralCapacitance.Api.Access;
using NeuralCapacitance.Infrastructure.Postgres;
using NeuralCapacitance.Infrastructure.Postgres.Embedded;

namespace NeuralCapacitance.Api.CommandLine;

/// <summary>Why the service could not start, where the operator can do something about it.</summary>
internal static class StartFailure
{
    /// <returns>Null: a defect, whose stack trace matters.</returns>
    public static string? Explain(Exception exception) => exception switch
    {
        OptionsValidationException invalid => string.Join(' ', invalid.Failures),
        AggregateException { InnerException: OptionsValidationException } several => string.Join(' ', several.InnerExceptions.Select(Explain)),
        ExposedException or EmbeddedPostgresException or DatabaseTooOldException or IOException => exception.Message,
        Npgsql.NpgsqlException => $"{exception.Message} (ConnectionStrings:Postgres names the database.)",
        _ when exception.InnerException is { } inner => Explain(inner),
        _ => null,
    };
}
