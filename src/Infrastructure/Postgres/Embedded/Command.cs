using System.Diagnostics;
using System.Text;

namespace NeuralCapacitance.Infrastructure.Postgres.Embedded;

/// <summary>What a program printed and how it ended.</summary>
internal sealed record Command(int ExitCode, string Output, string Errors)
{
    /// <summary>How long the end of its output is waited for after a program's own. Longer than a busy machine needs to read it.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(5);

    public bool Succeeded => ExitCode == 0;

    /// <summary>Everything it said, for an error message.</summary>
    public string Text => $"{Output}\n{Errors}".Trim();

    /// <summary>Folders of system programs that the PATH of a plain account leaves out.</summary>
    private static IReadOnlyList<string> SystemFolders => OperatingSystem.IsWindows() ? [Environment.SystemDirectory] : ["/usr/sbin", "/sbin", "/usr/bin", "/bin"];

    /// <summary>A folder that every account may enter.</summary>
    private static string OpenFolder => OperatingSystem.IsWindows() ? Environment.SystemDirectory : "/";

    /// <summary>The folders of PATH, relative ones left out: they would depend on the working directory.</summary>
    public static IEnumerable<string> PathFolders => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Where(Path.IsPathFullyQualified);

    /// <summary>
    /// Where a program lies: on PATH, or in a system folder. Never in the working directory, where .NET would look first: this
    /// repository's root has a <c>test</c> of its own. Null: nowhere.
    /// </summary>
    public static string? Find(string program)
        => PathFolders.Concat(SystemFolders).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    /// <summary>Runs a program outside the working directory, which another account may not enter, and waits until it ends.</summary>
    /// <remarks>What it started may live on and keep its output open (<c>pg_ctl start</c> does on Windows): that is not waited for.</remarks>
    /// <param name="program">A path, or the name of one that <see cref="Find"/> finds.</param>
    /// <exception cref="EmbeddedPostgresException">There is no such program.</exception>
    public static async Task<Command> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var found = Path.IsPathRooted(program) ? program : Find(program);
        var start = new ProcessStartInfo(found ?? throw new EmbeddedPostgresException($"The program {program} is not on PATH."), arguments)
        {
            UseShellExecute = false,
            // A console of its own on Windows: Ctrl-C is for the service, which then stops its server.
            CreateNoWindow = true,
            WorkingDirectory = OpenFolder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["LC_ALL"] = "C";
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        process.StandardInput.Close();
        var (output, errors) = (new StringBuilder(), new StringBuilder());
        var read = Task.WhenAll(ReadAsync(process.StandardOutput, output), ReadAsync(process.StandardError, errors));
        await process.WaitForExitAsync(cancellationToken);
        await Task.WhenAny(read, Task.Delay(LastWords, cancellationToken));
        return new(process.ExitCode, TextOf(output), TextOf(errors));
    }

    private static async Task ReadAsync(StreamReader reader, StringBuilder text)
    {
        var buffer = new char[4096];
        try
        {
            while (await reader.ReadAsync(buffer) is var length and > 0)
            {
                lock (text) text.Append(buffer, 0, length);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // Nobody waits for the rest any more.
        }
    }

    private static string TextOf(StringBuilder text)
    {
        lock (text) return text.ToString();
    }
}
