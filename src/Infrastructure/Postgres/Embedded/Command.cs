using System.Diagnostics;

namespace NeuralCapacitance.Infrastructure.Postgres.Embedded;

/// <summary>What a program printed and how it ended.</summary>
internal sealed record Command(int ExitCode, string Output, string Errors)
{
    public bool Succeeded => ExitCode == 0;

    /// <summary>Everything it said, for an error message.</summary>
    public string Text => $"{Output}\n{Errors}".Trim();

    /// <summary>Folders of system programs that the PATH of a plain account leaves out.</summary>
    private static readonly string[] SystemFolders = ["/usr/sbin", "/sbin", "/usr/bin", "/bin"];

    /// <summary>The folders of PATH, relative ones left out: they would depend on the working directory.</summary>
    public static IEnumerable<string> PathFolders => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Where(Path.IsPathRooted);

    /// <summary>
    /// Where a program lies: on PATH, or in a system folder. Never in the working directory, where .NET would look first: this
    /// repository's root has a <c>test</c> of its own. Null: nowhere.
    /// </summary>
    public static string? Find(string program)
        => PathFolders.Concat(SystemFolders).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    /// <summary>Runs a program from <c>/</c>, since another account may not enter the working directory.</summary>
    /// <param name="program">A path, or the name of one that <see cref="Find"/> finds.</param>
    /// <exception cref="EmbeddedPostgresException">There is no such program.</exception>
    public static async Task<Command> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var found = Path.IsPathRooted(program) ? program : Find(program);
        var start = new ProcessStartInfo(found ?? throw new EmbeddedPostgresException($"The program {program} is not on PATH."), arguments)
        {
            UseShellExecute = false,
            WorkingDirectory = "/",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["LC_ALL"] = "C";
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return new(process.ExitCode, await output, await errors);
    }
}
