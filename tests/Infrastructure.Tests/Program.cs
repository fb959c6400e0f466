using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using NeuralCapacitance.Infrastructure.Tests.Queue;

namespace NeuralCapacitance.Infrastructure.Tests;

/// <summary>Nodes that tests start as processes of their own, to kill, to freeze and to terminate.</summary>
internal static class Program
{
    /// <param name="args"><c>worker CONNECTION-STRING MILLISECONDS-PER-EPOCH</c>, or <c>embedded STORAGE-ROOT</c>.</param>
    private static Task Main(string[] args) => args switch
    {
        ["worker", var connectionString, var milliseconds] => WorkAsync(connectionString, TimeSpan.FromMilliseconds(int.Parse(milliseconds, CultureInfo.InvariantCulture))),
        ["embedded", var root] => ServeAsync(root),
        _ => throw new ArgumentException($"Unknown arguments: {string.Join(' ', args)}.", nameof(args)),
    };

    private static async Task WorkAsync(string connectionString, TimeSpan perEpoch)
    {
        await using var node = await WorkerNodes.StartAsync(connectionString, perEpoch);
        await Task.Delay(Timeout.Infinite);
    }

    /// <summary>An ordinary host on a database of its own, until it is terminated.</summary>
    private static async Task ServeAsync(string root)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration.AddInMemoryCollection([new("Storage:Root", root)]);
        builder.Services.AddInfrastructure(builder.Configuration);
        using var host = builder.Build();
        await host.StartAsync();
        await File.WriteAllTextAsync(Path.Combine(root, "ready"), "");
        await host.WaitForShutdownAsync();
    }
}
