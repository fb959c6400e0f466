using System.Diagnostics;
using NeuralCapacitance.Infrastructure.Storage;
using NeuralCapacitance.Worker.Hosting;

namespace NeuralCapacitance.Worker.TorchScript;

/// <summary>What a process in a sandbox has besides the program and the system's libraries. All paths are absolute, and the same inside.</summary>
/// <param name="Scratch">A folder of its own, whose <c>tmp</c> becomes its <c>/tmp</c>.</param>
/// <param name="Folders">That must be there, empty.</param>
/// <param name="Writable">What lies in the scratch folder → where the process finds it.</param>
/// <param name="Files">That it may read.</param>
internal sealed record SandboxPlaces(string Scratch, IReadOnlyList<string> Folders, IReadOnlyDictionary<string, string> Writable, IReadOnlyList<string> Files);

/// <summary>Turns the start of one of our processes into one without network, without the machine's files, and with nothing to write to but its scratch folder.</summary>
internal static class Sandbox
{
    private const string Temporary = "/tmp";

    /// <summary>Of the system: libraries, and what the loader, OpenSSL and the clock look for.</summary>
    private static readonly string[] SystemPlaces =
        ["/usr/lib", "/usr/lib64", "/usr/lib32", "/usr/local/lib", "/usr/share/zoneinfo", "/etc/ld.so.cache", "/etc/alternatives", "/etc/ssl/openssl.cnf", "/etc/localtime", "/sys/devices/system"];

    /// <summary>In the root folder: links to those of <c>/usr</c> on most systems.</summary>
    private static readonly string[] Libraries = ["/lib", "/lib64", "/lib32"];

    /// <summary>The process needs no secret of the worker's: of its environment only these are passed on.</summary>
    private static readonly string[] Variables = ["PATH", "LANG", "LANGUAGE", "TZ", "GLIBC_TUNABLES", "LD_LIBRARY_PATH"];

    private static readonly string[] VariablePrefixes = ["LC_", "DOTNET_", "OMP_", "GOMP_", "KMP_", "MKL_", "OPENBLAS_", "MALLOC_", "CUDA_", "NVIDIA_", "TORCH_"];

    /// <param name="start">Of <see cref="OwnProcess"/>.</param>
    /// <param name="torch">Which libtorch it loads.</param>
    /// <param name="diesWithThread">Whether the process ends with the thread that starts it, and so whatever becomes of this process.</param>
    public static ProcessStartInfo Wrap(Bubblewrap bubblewrap, ProcessStartInfo start, TorchOptions torch, SandboxPlaces places, bool diesWithThread)
    {
        var wrapped = new ProcessStartInfo(bubblewrap.Path, [.. Arguments(torch, places, diesWithThread), "--", start.FileName, .. start.ArgumentList])
        {
            UseShellExecute = false,
            RedirectStandardInput = start.RedirectStandardInput,
            RedirectStandardOutput = start.RedirectStandardOutput,
            RedirectStandardError = start.RedirectStandardError,
        };
        wrapped.Environment.Clear();
        foreach (var (name, value) in start.Environment.Where(variable => IsPassedOn(variable.Key))) wrapped.Environment[name] = value;
        wrapped.Environment["HOME"] = wrapped.Environment["TMPDIR"] = Temporary;
        return wrapped;
    }

    internal static bool IsPassedOn(string variable)
        => Variables.Contains(variable, StringComparer.Ordinal) || VariablePrefixes.Any(prefix => variable.StartsWith(prefix, StringComparison.Ordinal));

    private static IEnumerable<string> Arguments(TorchOptions torch, SandboxPlaces places, bool diesWithThread) =>
    [
        .. Bubblewrap.Namespaces,
        .. diesWithThread ? ["--die-with-parent"] : (string[])[],

        // First of all: what follows may lie in it.
        "--bind", Path.Combine(places.Scratch, "tmp"), Temporary,
        .. SystemPlaces.Concat(ProgramPlaces(torch)).SelectMany(place => Shown(place, places.Folders)).SelectMany(ReadOnlyIfThere),
        .. Libraries.SelectMany(LibraryLink),
        "--proc", "/proc", "--dev", "/dev",
        .. Gpus().SelectMany(device => (string[])["--dev-bind-try", device, device]),
        .. places.Folders.SelectMany(folder => (string[])["--dir", folder]),
        .. places.Writable.SelectMany(place => (string[])["--bind", place.Key, place.Value]),
        .. places.Files.SelectMany(file => (string[])["--ro-bind", file, file]),
        "--remount-ro", "/", "--chdir", "/",
    ];

    /// <summary>A folder, or, where one that is not to be seen lies in it (a storage root beside the program, say), all else that is in it.</summary>
    internal static IEnumerable<string> Shown(string folder, IReadOnlyList<string> hidden)
        => hidden.Any(other => IsInside(other, folder)) ? Directory.EnumerateFileSystemEntries(folder).Where(entry => !hidden.Any(other => other == entry || IsInside(other, entry))) : [folder];

    private static bool IsInside(string path, string folder) => path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static string[] ReadOnlyIfThere(string path) => ["--ro-bind-try", path, path];

    private static string[] LibraryLink(string path)
    {
        var folder = new DirectoryInfo(path);
        if (!folder.Exists) return [];
        return folder.LinkTarget is { } target ? ["--symlink", target, path] : ["--ro-bind", path, path];
    }

    private static IEnumerable<string> ProgramPlaces(TorchOptions torch)
    {
        yield return OwnProcess.RuntimeFolder;
        yield return AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar);
        yield return Path.GetDirectoryName(typeof(Sandbox).Assembly.Location)!;
        foreach (var folder in (Environment.GetEnvironmentVariable("LD_LIBRARY_PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Where(Path.IsPathRooted)) yield return folder;
        if (torch.LibraryPath is not { Length: > 0 } library) yield break;
        var own = Path.GetFullPath(library).TrimEnd(Path.DirectorySeparatorChar);
        yield return own;
        yield return RealPath.Of(own);
        // An installed PyTorch takes CUDA's libraries from packages beside it, and tells its version in a file.
        if (Path.GetDirectoryName(own) is not { } package) yield break;
        yield return Path.Combine(package, "version.py");
        yield return Path.Combine(package, "build-version");
        if (Path.GetDirectoryName(package) is { } packages) yield return Path.Combine(packages, "nvidia");
    }

    private static IEnumerable<string> Gpus() => Directory.Exists("/dev") ? Directory.EnumerateFileSystemEntries("/dev", "nvidia*") : [];
}
