using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using NeuralCapacitance.Infrastructure.Postgres;
using NeuralCapacitance.Worker.Settings;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Compact;

namespace NeuralCapacitance.Worker.Logging;

/// <summary>The log of every process of the service.</summary>
public static class WorkerLogging
{
    /// <summary>Setting: which of <see cref="Formats"/> the console gets.</summary>
    public const string FormatKey = "Logging:Format";

    /// <summary>One line an event, and then the stack trace of a defect, indented. What has a trace (a request, what it calls, a trial) ends with its id.</summary>
    public const string Template = "{Timestamp:HH:mm:ss.fff} {Level:u3} {SourceContext} {Message:lj} {Properties:j} {TraceId}{NewLine}{" + EscapedText.ErrorProperty + ":l}";

    private const string Json = "json";

    /// <summary>Of the .NET host, which says with a stack trace what <see cref="StartFailure"/> says in a sentence.</summary>
    private const string Host = "Microsoft.Extensions.Hosting.Internal.Host";

    /// <summary>The first is the standard one. <c>json</c> is an object a line, as Serilog's compact format has it.</summary>
    public static IReadOnlyList<string> Formats { get; } = ["text", Json];

    /// <summary>Structured lines on the console; section <c>Serilog</c> overrides levels and sinks, and registered sinks get what the console gets.</summary>
    public static IServiceCollection AddWorkerLogging(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton<OutageJournal>();
        services.AddSingleton<ILogEventFilter>(provider => new OutageFilter(provider.GetRequiredService<OutageJournal>()));
        return services.AddSerilog((provider, logger) => Configure(logger, configuration).ReadFrom.Services(provider), preserveStaticLogger: true);
    }

    private static LoggerConfiguration Configure(LoggerConfiguration logger, IConfiguration configuration)
    {
        logger
            .MinimumLevel.Information()
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .MinimumLevel.Override("Microsoft.Hosting.Lifetime", LogEventLevel.Information)
            .MinimumLevel.Override("Npgsql", LogEventLevel.Warning)
            .MinimumLevel.Override("Hangfire", LogEventLevel.Warning)
            // A command that fails throws; and the migration asks for a table that a new database has not got yet.
            .MinimumLevel.Override("Microsoft.EntityFrameworkCore.Database.Command", LogEventLevel.Fatal)
            // That it does not encrypt the sessions' keys: with what, on a machine that has to start by itself? Their folder is the account's alone.
            .MinimumLevel.Override("Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager", LogEventLevel.Error)
            .Filter.ByExcluding(IsToldByStartFailure)
            .Enrich.FromLogContext()
            .Enrich.With<EscapedText>();
        if (!configuration.GetSection("Serilog:WriteTo").Exists())
        {
            if (string.Equals(configuration[FormatKey], Json, StringComparison.OrdinalIgnoreCase)) logger.WriteTo.Console(new RenderedCompactJsonFormatter());
            else logger.WriteTo.Console(outputTemplate: Template, formatProvider: CultureInfo.InvariantCulture);
        }
        return logger.ReadFrom.Configuration(configuration);
    }

    private static bool IsToldByStartFailure(LogEvent line)
        => line.Exception is { } exception
            && line.Properties.GetValueOrDefault(Constants.SourceContextPropertyName) is ScalarValue { Value: Host }
            && StartFailure.Explain(exception).Count > 0;
}
