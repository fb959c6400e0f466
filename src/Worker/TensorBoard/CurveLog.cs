using Microsoft.Extensions.Logging;

namespace NeuralCapacitance.Worker.TensorBoard;

internal static partial class CurveLog
{
    [LoggerMessage(3050, LogLevel.Warning, "The trial's curve for TensorBoard could not be written to {Folder}: {Reason} The trial goes on; the next epoch tries again, without another warning")]
    public static partial void NotWritten(ILogger logger, string folder, string reason);
}
