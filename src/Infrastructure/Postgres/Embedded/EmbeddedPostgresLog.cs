using Microsoft.Extensions.Logging;

namespace NeuralCapacitance.Infrastructure.Postgres.Embedded;

internal static partial class EmbeddedPostgresLog
{
    [LoggerMessage(2000, LogLevel.Information, "Made a private PostgreSQL {Version} database in {Folder}, owned by {Account}")]
    public static partial void Initialized(ILogger logger, int version, string folder, string account);

    [LoggerMessage(2001, LogLevel.Information, "Started a private PostgreSQL {Version} in {Folder} as {Account}, on a unix socket only; it stops with the service. Set ConnectionStrings:Postgres to use a server of your own")]
    public static partial void Started(ILogger logger, int version, string folder, string account);

    [LoggerMessage(2002, LogLevel.Information, "Joined the private PostgreSQL that already runs in {Folder}")]
    public static partial void Joined(ILogger logger, string folder);

    [LoggerMessage(2003, LogLevel.Information, "Stopped the private PostgreSQL in {Folder}")]
    public static partial void Stopped(ILogger logger, string folder);

    [LoggerMessage(2004, LogLevel.Information, "Left the private PostgreSQL in {Folder} to the other processes that use it")]
    public static partial void LeftRunning(ILogger logger, string folder);

    [LoggerMessage(2005, LogLevel.Warning, "Removed {LockFile} of a server (process {Pid}) that is no more")]
    public static partial void RemovedLock(ILogger logger, string pid, string lockFile);

    [LoggerMessage(2007, LogLevel.Warning, "The private PostgreSQL in {Folder} has died; it is started again")]
    public static partial void Died(ILogger logger, string folder);

    [LoggerMessage(2008, LogLevel.Warning, "The private PostgreSQL in {Folder} runs again after {Seconds:F1} s; what was committed is there")]
    public static partial void Restored(ILogger logger, string folder, double seconds);

    [LoggerMessage(2009, LogLevel.Error, "The private PostgreSQL in {Folder} cannot be started again, and is tried until it can: {Reason}")]
    public static partial void NotRestored(ILogger logger, string folder, string reason);

    [LoggerMessage(2006, LogLevel.Warning, "The private PostgreSQL did not stop as it should; its data is safe, and the next start recovers")]
    public static partial void NotStopped(ILogger logger, Exception exception);
}
