using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Serilog;
using Serilog.Events;

namespace NeuralCapacitance.Worker.Hosting;

/// <summary>The log of every process of the service.</summary>
public static class WorkerLogging
{
    /// <summary>One line an event, and then the stack trace of a defect. What has a trace (a request, what it calls) ends with its id.</summary>
    public const string Template = "{Timestamp:HH:mm:ss.fff} {Level:u3} {SourceContext} {Message:lj} {Properties:j} {TraceId}{NewLine}{Exception}";

    /// <summary>Structured lines on the console; section <c>Serilog</c> overrides levels and sinks, and registered sinks get what the console gets.</summary>
    public static IServiceCollection AddWorkerLogging(this IServiceCollection services, IConfiguration configuration)
        => services.AddSerilog((provider, logger) => Configure(logger, configuration).ReadFrom.Services(provider), preserveStaticLogger: true);

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
            .Enrich.FromLogContext();
        if (!configuration.GetSection("Serilog:WriteTo").Exists())
        {
            logger.WriteTo.Console(outputTemplate: Template, formatProvider: CultureInfo.InvariantCulture);
        }
        return logger.ReadFrom.Configuration(configuration);
    }
}
