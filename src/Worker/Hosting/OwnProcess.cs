using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Configuration;
using NeuralCapacitance.Infrastructure.Downloads;
using NeuralCapacitance.Infrastructure.Storage;
using NeuralCapacitance.Worker.Datasets;

namespace NeuralCapacitance.Worker.Hosting;

/// <summary>A process of our own that runs the worker's program with this process's settings.</summary>
internal static class OwnProcess
{
    /// <summary>What .NET makes of SIGKILL.</summary>
    public const int KilledStatus = 128 + 9;

    /// <summary>What training and measurement depend on. No connection string is among them: only this process talks to the database.</summary>
    private static readonly string[] Sections =
        [TorchOptions.Section, WorkerOptions.Section, StorageOptions.Section, DatasetOptions.Section, DownloadOptions.Section];

    /// <summary>Its standard streams are this process's to read and write.</summary>
    /// <param name="command">The program's first arguments.</param>
    /// <param name="settings">Of this process.</param>
    /// <param name="more">Win over <paramref name="settings"/>: <c>Section:Key</c> → value.</param>
    public static ProcessStartInfo Start(IEnumerable<string> command, IConfiguration settings, params IEnumerable<KeyValuePair<string, string>> more)
    {
        var start = new ProcessStartInfo(Dotnet, [typeof(OwnProcess).Assembly.Location, .. command, .. ArgumentsOf(settings, more)])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // It may be killed at any time, and would leave its diagnostics pipe behind.
        start.Environment.TryAdd("DOTNET_EnableDiagnostics", "0");
        return start;
    }

    private static IEnumerable<string> ArgumentsOf(IConfiguration settings, IEnumerable<KeyValuePair<string, string>> more)
        => Sections.SelectMany(section => settings.GetSection(section).AsEnumerable())
            .Where(setting => setting.Value is not null)
            .Concat(more.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)))
            .Select(setting => $"--{setting.Key}={setting.Value}");

    /// <summary>The one that runs this process, whatever it was started by.</summary>
    private static string Dotnet => Path.Combine(RuntimeFolder, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");

    /// <summary>Holds the program that runs this process, and all of .NET.</summary>
    public static string RuntimeFolder => Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
}
