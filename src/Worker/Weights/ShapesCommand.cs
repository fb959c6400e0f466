using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Worker.Backbones;
using NeuralCapacitance.Worker.Hosting;

namespace NeuralCapacitance.Worker.Weights;

/// <summary>
/// <c>shapes</c>: reads names of backbones, a JSON list, and writes the names and shapes of what each is made of. Only a network that is built tells them, and
/// the process that answers requests has no libtorch.
/// </summary>
internal static class ShapesCommand
{
    public const string Name = "shapes";

    /// <param name="settings">Configuration as <c>--Section:Key=value</c>.</param>
    public static async Task RunAsync(string[] settings, TextReader input, TextWriter output, CancellationToken cancellationToken)
    {
        FirstToGo.Volunteer();
        var names = JsonSerializer.Deserialize<string[]>(await input.ReadToEndAsync(cancellationToken))!;
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine(settings).Build();
        await using var services = new ServiceCollection().AddTraining(configuration).BuildServiceProvider();
        // The device does not matter, and need not be there.
        LibTorch.Load(services.GetRequiredService<IOptions<TorchOptions>>().Value);
        var backbones = services.GetRequiredService<BackboneCatalogue>();
        var shapes = new Dictionary<string, IReadOnlyList<StateShape>>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            using var network = backbones.Create(name);
            shapes[name] = StateShape.Of(network);
        }
        await output.WriteLineAsync(JsonSerializer.Serialize(shapes));
    }
}
