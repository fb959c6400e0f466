using Hangfire.Logging;
using Microsoft.Extensions.Logging;
using HangfireLevel = Hangfire.Logging.LogLevel;
using Level = Microsoft.Extensions.Logging.LogLevel;

namespace NeuralCapacitance.Infrastructure.Queue;

/// <summary>
/// Hangfire's log lines in ours. Hangfire has one log for the whole process, and asks for it once; where several hosts follow each other in a process, the
/// last one that started has it, and lines for one that is gone are dropped.
/// </summary>
internal sealed class HangfireLog : ILogProvider
{
    private static readonly HangfireLog Instance = Register();

    private volatile ILoggerFactory? _loggers;

    private HangfireLog()
    {
    }

    public static void WriteTo(ILoggerFactory loggers) => Instance._loggers = loggers;

    public ILog GetLogger(string name) => new Lines(this, name);

    private static HangfireLog Register()
    {
        var log = new HangfireLog();
        LogProvider.SetCurrentLogProvider(log);
        return log;
    }

    private bool Write(string category, HangfireLevel level, Func<string>? message, Exception? exception)
    {
        try
        {
            if (_loggers?.CreateLogger(category) is not { } logger || !logger.IsEnabled(LevelOf(level))) return false;
            if (message is not null) logger.Log(LevelOf(level), exception, "{Text}", message());
            return true;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }

    private static Level LevelOf(HangfireLevel level) => level switch
    {
        HangfireLevel.Trace => Level.Trace,
        HangfireLevel.Debug => Level.Debug,
        HangfireLevel.Info => Level.Information,
        HangfireLevel.Warn => Level.Warning,
        HangfireLevel.Error => Level.Error,
        _ => Level.Critical,
    };

    private sealed class Lines(HangfireLog log, string category) : ILog
    {
        public bool Log(HangfireLevel logLevel, Func<string>? messageFunc, Exception? exception = null) => log.Write(category, logLevel, messageFunc, exception);
    }
}
