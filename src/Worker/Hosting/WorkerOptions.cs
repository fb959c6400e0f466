using Microsoft.Extensions.Options;
using NeuralCapacitance.Worker.Memory;
using NeuralCapacitance.Worker.Training;

namespace NeuralCapacitance.Worker.Hosting;

/// <summary>Configuration section <c>Worker</c>.</summary>
public sealed class WorkerOptions
{
    public const string Section = "Worker";

    /// <summary>Whether the Api process runs trials too.</summary>
    public bool InProcess { get; set; }

    /// <summary><c>auto</c> (the first GPU, else the CPU), <c>cpu</c>, or <c>cuda:N</c>. Several GPUs: one worker process for each.</summary>
    public string Device { get; set; } = "auto";

    /// <summary>CPU threads of one trial; 0 shares all cores among the slots.</summary>
    public int Threads { get; set; }

    /// <summary>Trials at the same time, 1 … 64, each in a process of its own. On a GPU they share it.</summary>
    public int Slots { get; set; } = 1;

    /// <summary>A trial that so many attempts in a row brought no epoch further is failed: it may well be what brings the workers down.</summary>
    public int MaxAttempts { get; set; } = 5;

    /// <summary>How long a slot waits before it hands back a trial whose disk or device failed; with every further attempt four times as long.</summary>
    public TimeSpan RetryPause { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>A trial that makes no step for so long is failed and its process ended. A step is a batch, a decoded image, a piece of a download: whatever gets something done.</summary>
    public TimeSpan StallTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Memory that the process of one trial may allocate: bytes with a unit (<c>8GB</c>), or a share of the machine's (<c>60%</c>). Empty: as much as there is.</summary>
    public string MemoryLimit { get; set; } = "";

    /// <summary>A folder that each trial's curves are written to, for TensorBoard: docs/operations.md. Empty: they are not.</summary>
    public string TensorBoard { get; set; } = "";

    /// <summary>In bytes; null: none is set, or what is set is none.</summary>
    internal long? MemoryLimitBytes => MemoryLimit.Length == 0 ? null : MemorySize.Parse(MemoryLimit, MachineMemory.Total());
}

/// <summary>In a process that computes. Reports every fault at once, a libtorch or a GPU that is not there among them: better now than in every trial.</summary>
internal sealed class WorkerOptionsValidation(IOptions<TorchOptions> torch) : IValidateOptions<WorkerOptions>
{
    private const int MostThreads = 1024;
    private const int MostSlots = 64;
    private const int MostAttempts = 1000;
    private const long LeastMemory = 500_000_000;

    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);
    private static readonly TimeSpan LeastStall = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestStall = TimeSpan.FromDays(1);

    public ValidateOptionsResult Validate(string? name, WorkerOptions options)
    {
        var faults = new List<string>();
        CheckDevice();
        Check(nameof(options.Threads), options.Threads, 0, MostThreads);
        Check(nameof(options.Slots), options.Slots, 1, MostSlots);
        Check(nameof(options.MaxAttempts), options.MaxAttempts, 1, MostAttempts);
        CheckTime(nameof(options.RetryPause), options.RetryPause, TimeSpan.Zero, LongestPause);
        CheckTime(nameof(options.StallTimeout), options.StallTimeout, LeastStall, LongestStall);
        if (options.MemoryLimit.Length > 0 && !(options.MemoryLimitBytes >= LeastMemory))
        {
            faults.Add($"{WorkerOptions.Section}:{nameof(options.MemoryLimit)} is '{options.MemoryLimit}'; accepted is {MemorySize.Accepted}, at least {MemorySize.Show(LeastMemory)}.");
        }
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);

        void CheckDevice()
        {
            try
            {
                LibTorch.Load(torch.Value);
                ComputeDevice.Choose(options.Device, threads: 1);
            }
            catch (LibTorchException e)
            {
                faults.Add(e.Message);
            }
            catch (ArgumentException e)
            {
                faults.Add($"{WorkerOptions.Section}:{nameof(options.Device)}: {e.Message}");
            }
        }

        void CheckTime(string property, TimeSpan value, TimeSpan least, TimeSpan most)
        {
            if (value < least || value > most) faults.Add($"{WorkerOptions.Section}:{property} is {value}; accepted is {least} … {most}.");
        }

        void Check(string property, int value, int least, int most)
        {
            if (value < least || value > most)
            {
                faults.Add($"{WorkerOptions.Section}:{property} is {value}; accepted is {least} … {most}.");
            }
        }
    }
}
