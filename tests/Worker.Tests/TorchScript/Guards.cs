using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using NeuralCapacitance.Worker.TorchScript;

namespace NeuralCapacitance.Worker.Tests.TorchScript;

internal static class Guards
{
    /// <summary>As a node with these settings has it.</summary>
    /// <param name="sandbox">What it finds; null: what is there.</param>
    public static TorchScriptGuard Of(IConfiguration configuration, Func<(Bubblewrap?, string?)>? sandbox = null)
    {
        var options = configuration.GetSection(TorchScriptOptions.Section).Get<TorchScriptOptions>() ?? new();
        return new(options, configuration, NullLogger<TorchScriptGuard>.Instance, sandbox ?? (() => (Bubblewrap.Find(out var reason), reason)));
    }
}
