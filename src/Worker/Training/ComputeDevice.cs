using System.Globalization;
using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Training;

/// <summary>Where trials are computed.</summary>
/// <param name="Name"><c>cpu</c> or <c>cuda:N</c>.</param>
/// <param name="Threads">Threads that one tensor operation may use on the CPU; ≥ 1.</param>
/// <param name="LibTorch">Version of the libtorch that computes; null: TorchSharp's own.</param>
public sealed record ComputeDevice(string Name, int Threads, string? LibTorch = null)
{
    private const string CudaPrefix = "cuda:";

    [JsonIgnore]
    public Device Torch => device(Name);

    [JsonIgnore]
    public bool IsCpu => string.Equals(Name, "cpu", StringComparison.Ordinal);

    /// <param name="setting"><c>auto</c> (the first GPU, else the CPU), <c>cpu</c>, or <c>cuda:N</c>.</param>
    /// <exception cref="ArgumentException">Another form, or a GPU that is not there.</exception>
    public static ComputeDevice Choose(string setting, int threads)
    {
        var gpus = cuda.is_available() ? cuda.device_count() : 0;
        var name = setting switch
        {
            "auto" => gpus > 0 ? "cuda:0" : "cpu",
            "cpu" => "cpu",
            _ when TryParseCuda(setting, out var index) => index < gpus ? setting : throw Absent(setting, gpus),
            _ => throw new ArgumentException($"Device '{setting}' is not known; accepted are 'auto', 'cpu' and 'cuda:N'."),
        };
        return new ComputeDevice(name, Math.Max(1, threads));
    }

    /// <summary>Sets the calling thread up: libtorch's thread count belongs to the thread that asks.</summary>
    public void Enter() => set_num_threads(Threads);

    private static ArgumentException Absent(string setting, int gpus) => new(gpus == 0
        ? $"Device '{setting}' is not there: libtorch sees no CUDA GPU; use 'cpu' or 'auto'."
        : $"Device '{setting}' is not there; the GPUs are cuda:0 … cuda:{gpus - 1}.");

    private static bool TryParseCuda(string setting, out int index)
    {
        index = 0;
        return setting.StartsWith(CudaPrefix, StringComparison.Ordinal)
            && int.TryParse(setting.AsSpan(CudaPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out index);
    }
}
