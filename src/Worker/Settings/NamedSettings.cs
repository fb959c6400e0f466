using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Infrastructure.Postgres;
using NeuralCapacitance.Worker.Logging;
using Npgsql;
using Serilog.Events;

namespace NeuralCapacitance.Worker.Settings;

/// <summary>Faults of settings that belong to no options class: those that are read by name, and sections whose name is misspelt.</summary>
internal static class NamedSettings
{
    private const string ConnectionStrings = "ConnectionStrings";

    /// <summary>More slips than that make another word.</summary>
    private const int MostSlips = 2;

    private const int LeastLength = 5;

    private static readonly string[] Connections = [DatabaseServer.ConnectionStringName, DatabaseServer.PasswordName];

    public static IEnumerable<SettingFault> FaultsIn(IConfiguration configuration, IEnumerable<string> sections)
        => [.. InConnectionStrings(configuration), .. InLogging(configuration), .. InSecrets(configuration), .. InUrls(configuration), .. InSections(configuration, [.. sections, ConnectionStrings, "Serilog", "Secrets"])];

    private static IEnumerable<SettingFault> InConnectionStrings(IConfiguration configuration)
    {
        foreach (var child in configuration.GetSection(ConnectionStrings).GetChildren().Where(child => !Connections.Contains(child.Key, StringComparer.OrdinalIgnoreCase)))
        {
            if (NearestNames.To(child.Key, Connections) is [var nearest, ..]) yield return new(child.Path, $"{child.Path} is no setting; did you mean {ConnectionStrings}:{nearest}?");
        }
        if (configuration.GetConnectionString(DatabaseServer.ConnectionStringName) is { Length: > 0 } given && FaultOf(given) is { } fault)
            yield return new($"{ConnectionStrings}:{DatabaseServer.ConnectionStringName}", $"{ConnectionStrings}:{DatabaseServer.ConnectionStringName} is no connection string ({fault}); accepted is Host=…;Database=…;Username=….");
    }

    /// <summary>The driver's own words name the key at fault, and no value.</summary>
    private static string? FaultOf(string connectionString)
    {
        try
        {
            _ = new NpgsqlConnectionStringBuilder(connectionString);
            return null;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException)
        {
            return e.Message.Split('\n')[0].TrimEnd('.');
        }
    }

    private static IEnumerable<SettingFault> InLogging(IConfiguration configuration)
    {
        if (configuration[WorkerLogging.FormatKey] is { Length: > 0 } format && !WorkerLogging.Formats.Contains(format, StringComparer.OrdinalIgnoreCase))
            yield return new(WorkerLogging.FormatKey, $"{WorkerLogging.FormatKey} is '{format}'; accepted are {string.Join(" and ", WorkerLogging.Formats)}.", WorkerLogging.Formats[0]);
        var levels = configuration.GetSection("Serilog:MinimumLevel");
        foreach (var level in levels.GetSection("Override").GetChildren().Append(levels.GetSection("Default")).Append(levels))
        {
            if (level.Value is { Length: > 0 } value && !Enum.TryParse<LogEventLevel>(value, ignoreCase: true, out _))
                yield return new(level.Path, $"{level.Path} is '{value}'; accepted are {string.Join(", ", Enum.GetNames<LogEventLevel>())}.", nameof(LogEventLevel.Information));
        }
    }

    private static IEnumerable<SettingFault> InSecrets(IConfiguration configuration)
    {
        if (configuration[SecretFiles.FolderKey] is { Length: > 0 } folder && !Directory.Exists(folder))
            yield return new(SecretFiles.FolderKey, $"{SecretFiles.FolderKey} is '{folder}', which is no folder; give the path of an existing one.");
    }

    private static IEnumerable<SettingFault> InUrls(IConfiguration configuration)
    {
        foreach (var url in (configuration["urls"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(url => !IsAddress(url)))
            yield return new("urls", $"ASPNETCORE_URLS (--urls) has '{url}'; accepted is an address to listen on, such as http://127.0.0.1:5080.", "http://127.0.0.1:0");
    }

    private static bool IsAddress(string url)
    {
        try
        {
            return BindingAddress.Parse(url).Scheme is "http" or "https";
        }
        catch (FormatException)
        {
            return false;
        }
    }

    /// <summary>The environment has sections of others too: only what is nearly one of ours is taken for it.</summary>
    private static IEnumerable<SettingFault> InSections(IConfiguration configuration, IReadOnlyList<string> known)
    {
        foreach (var child in configuration.GetChildren().Where(child => child.GetChildren().Any() && !known.Contains(child.Key, StringComparer.OrdinalIgnoreCase)))
        {
            if (child.Key.Length >= LeastLength && known.FirstOrDefault(name => NearestNames.Slips(child.Key.ToLowerInvariant(), name.ToLowerInvariant()) <= MostSlips) is { } meant)
                yield return new(child.Path, $"{child.Path} is no section of the settings; did you mean {meant}?");
        }
    }
}
