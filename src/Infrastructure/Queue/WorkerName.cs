using System.Globalization;

namespace NeuralCapacitance.Infrastructure.Queue;

/// <summary>What operators know a worker process by.</summary>
public static class WorkerName
{
    public static string OfThisProcess { get; } = $"{Environment.MachineName}:{Environment.ProcessId}";

    /// <summary>The process that an owner of a lease is of.</summary>
    public static string ProcessOf(string owner) => owner.Split('/')[0];

    /// <param name="process">Its number, if it is of this machine.</param>
    public static bool IsOfThisMachine(string name, out int process)
    {
        var (machine, number) = (name[..Math.Max(0, name.LastIndexOf(':'))], name[(name.LastIndexOf(':') + 1)..]);
        return int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out process) && machine == Environment.MachineName;
    }

    /// <summary>The owner of a lease, which nobody else ever was or will be.</summary>
    public static string NewOwner() => $"{OfThisProcess}/{Guid.NewGuid():N}";
}
