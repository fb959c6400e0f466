using Microsoft.Extensions.Options;

namespace NeuralCapacitance.Infrastructure.Postgres;

/// <summary>How a process uses the database. Section <c>Database</c>.</summary>
public sealed class DatabaseOptions
{
    public const string Section = "Database";

    /// <summary>
    /// Connections that the process holds at most: the one that listens for changes and those of Hangfire are among them. A <c>Maximum Pool Size</c> in the
    /// connection string wins.
    /// </summary>
    public int MaxPoolSize { get; set; } = 30;
}

internal sealed class DatabaseOptionsValidator : IValidateOptions<DatabaseOptions>
{
    /// <summary>One listens, one each takes a lock and reads under it; the rest is for requests and slots.</summary>
    private const int Least = 5;

    private const int Most = 1_000;

    public ValidateOptionsResult Validate(string? name, DatabaseOptions options)
        => options.MaxPoolSize is >= Least and <= Most
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"{DatabaseOptions.Section}:{nameof(DatabaseOptions.MaxPoolSize)} is {options.MaxPoolSize}; accepted is {Least} … {Most}.");
}
