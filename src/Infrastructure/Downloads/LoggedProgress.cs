using Microsoft.Extensions.Logging;

namespace NeuralCapacitance.Infrastructure.Downloads;

/// <summary>Passes progress on and logs every tenth of the way.</summary>
internal sealed partial class LoggedProgress(string name, ILogger logger, IProgress<DownloadProgress>? next) : IProgress<DownloadProgress>
{
    private const int Steps = 10;

    private long _step;

    public void Report(DownloadProgress value)
    {
        next?.Report(value);
        if (value.Total is not > 0) return;
        var step = Steps * value.Bytes / value.Total.Value;
        if (step <= _step) return;
        _step = step;
        LogProgress(name, 100 / Steps * step, value.Bytes, value.Total.Value);
    }

    [LoggerMessage(2504, LogLevel.Information, "Download of {Name}: {Percent} % ({Bytes} of {Total} bytes)")]
    private partial void LogProgress(string name, long percent, long bytes, long total);
}
