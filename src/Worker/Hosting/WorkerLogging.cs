using System.Globalization;
using Microsoft.Extensions.Configuration;
using Serilog;
using Serilog.Events;

namespace NeuralCapacitance.Worker.Hosting;

/// <summary>The log of every process of the service.</summary>
public static class WorkerLogging
{
    private const string Template = "{Timestamp:HH:mm:ss.fff} {Level:u3} {SourceContext} {Message:lj} {Properties:j}{NewLine}{Exception}";

    /// <summary>Structured lines on the console; section <c>Serilog</c> overrides levels and sinks.</summary>
    public static ILogger Create(IConfiguration configuration)
    {
        var logger = new LoggerConfiguration()
            .MinimumLevel.Information()
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .MinimumLevel.Override("Microsoft.Hosting.Lifetime", LogEventLevel.Information)
            .MinimumLevel.Override("Npgsql", LogEventLevel.Warning)
            .MinimumLevel.Override("Hangfire", LogEventLevel.Warning)
            // A command that fails throws; and the migration asks for a table that a new database has not got yet.
            .MinimumLevel.Override("Microsoft.EntityFrameworkCore.Database.Command", LogEventLevel.Fatal)
            .Enrich.FromLogContext();
        if (!configuration.GetSection("Serilog:WriteTo").Exists())
        {
            logger = logger.WriteTo.Console(outputTemplate: Template, formatProvider: CultureInfo.InvariantCulture);
        }
        return logger.ReadFrom.Configuration(configuration).CreateLogger();
    }
}
