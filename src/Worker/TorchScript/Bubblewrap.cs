using System.ComponentModel;
using System.Diagnostics;

namespace NeuralCapacitance.Worker.TorchScript;

/// <summary>The program <c>bwrap</c>, which gives a process namespaces of its own.</summary>
/// <param name="Path">Of the program.</param>
/// <param name="Version">As it says itself.</param>
internal sealed record Bubblewrap(string Path, string Version)
{
    private const string Program = "bwrap";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>What every sandbox is made with: no network, no process, user or host of the machine's.</summary>
    public static IReadOnlyList<string> Namespaces { get; } = ["--unshare-all", "--new-session", "--cap-drop", "ALL"];

    /// <summary>Looks whether it is there, and whether this system lets it do its work: many containers do not.</summary>
    /// <param name="reason">Why it cannot be used; a sentence.</param>
    public static Bubblewrap? Find(out string? reason)
    {
        reason = null;
        if (!OperatingSystem.IsLinux())
        {
            reason = "bubblewrap is for Linux alone.";
            return null;
        }
        if (Search(Environment.GetEnvironmentVariable("PATH")) is not { } program)
        {
            reason = "bubblewrap (bwrap) is not installed.";
            return null;
        }
        if (Run(program, [.. Namespaces, "--die-with-parent", "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev", "--remount-ro", "/", "true"]) is { Status: not 0 } failed)
        {
            reason = $"bubblewrap ({program}) does not work here: {ModelWords.OneLine(failed.Text, 200).TrimEnd('.', ' ')}. Containers often forbid user namespaces.";
            return null;
        }
        return new(program, Run(program, ["--version"]).Text.Trim());
    }

    internal static string? Search(string? path)
        => (path ?? "").Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Select(folder => System.IO.Path.Combine(folder, Program)).FirstOrDefault(File.Exists);

    private static (int Status, string Text) Run(string program, IEnumerable<string> arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(Patience))
            {
                process.Kill(entireProcessTree: true);
                return (-1, "it did not end");
            }
            return (process.ExitCode, $"{output.GetAwaiter().GetResult()}{errors.GetAwaiter().GetResult()}");
        }
        catch (Win32Exception e)
        {
            return (-1, e.Message);
        }
    }
}
