using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using System.Text.RegularExpressions;
using NeuralCapacitance.Worker.Training;
using TorchSharp;

namespace NeuralCapacitance.Worker.Hosting;

/// <summary>The native libtorch under TorchSharp.</summary>
internal static partial class LibTorch
{
    /// <summary>In the order in which they need each other.</summary>
    private static readonly string[] Libraries = ["c10", "torch_cpu", "c10_cuda", "torch_cuda", "torch"];

    /// <summary>Those that must be there: all but those for CUDA.</summary>
    private static readonly string[] Required = [.. Libraries.Where(name => !name.Contains("cuda", StringComparison.Ordinal))];

    private static readonly ConcurrentDictionary<string, IntPtr> Loaded = new(StringComparer.Ordinal);

    /// <summary>Loads it into this process, before the first use of <see cref="torch"/>, which would look for it by itself. The same call again does no harm.</summary>
    /// <exception cref="LibTorchException">There is none, or one that TorchSharp cannot use.</exception>
    public static void Load(TorchOptions options)
    {
        // Both are read when libtorch is loaded. Its warnings are about TorchSharp's calls, in lines of their own form on the standard error.
        OpenMp.PreferShortSpinning();
        CEnvironment.SetDefault("TORCH_CPP_LOG_LEVEL", "ERROR");
        FreedMemory.Keep();
        if (options.LibraryPath is { Length: > 0 } folder) LoadFrom(Path.GetFullPath(folder), $"which {Setting} names");
        else if (Carried() is { } carried) LoadFrom(carried, "which the program carries");
        else LoadWhatTheSystemFinds();
    }

    /// <summary>Of the libtorch in use, as it says itself.</summary>
    public static string Version(TorchOptions options)
        => options.LibraryPath is { Length: > 0 } folder ? VersionIn(Path.GetFullPath(folder)) : torch.__version__;

    /// <summary><c>torch.__version__</c> says it too, and loads a libtorch when it is asked.</summary>
    private const string MadeFor = "2.10";

    private const string WhatToName = "It can be torch/lib of an installed PyTorch, or lib of an unpacked libtorch.";

    private static string Setting => $"{TorchOptions.Section}:{nameof(TorchOptions.LibraryPath)}";

    /// <summary>The build puts it into a folder where .NET does not look by itself: a process must not hold two.</summary>
    private static string? Carried()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "libtorch");
        string[] places = [folder, Path.Combine(folder, "runtimes", RuntimeInformation.RuntimeIdentifier, "native")];
        return Array.Find(places, place => File.Exists(Path.Combine(place, FileOf("torch_cpu"))));
    }

    private static void LoadFrom(string folder, string whose)
    {
        string[] missing = [.. Required.Select(FileOf).Where(file => !File.Exists(Path.Combine(folder, file)))];
        if (missing.Length > 0)
            throw new LibTorchException($"There is no {string.Join(" and no ", missing)} in '{folder}', {whose}. {WhatToName}");
        try
        {
            foreach (var name in Libraries)
            {
                if (Path.Combine(folder, FileOf(name)) is var file && File.Exists(file)) Loaded[name] = NativeLibrary.Load(file);
            }
            Bind();
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            throw DoesNotFit($"The libtorch in '{folder}' (version {VersionIn(folder)}), {whose},", LastLine(e.Message));
        }
    }

    private static void LoadWhatTheSystemFinds()
    {
        try
        {
            foreach (var name in Required) Loaded[name] = NativeLibrary.Load(FileOf(name));
        }
        catch (DllNotFoundException)
        {
            throw new LibTorchException($"This build carries no libtorch, and the system's loader finds no {FileOf("torch_cpu")}. Set {Setting}. {WhatToName}");
        }
        try
        {
            Bind();
        }
        catch (DllNotFoundException e)
        {
            throw DoesNotFit("This build carries no libtorch; the one that the system's loader finds", LastLine(e.Message));
        }
    }

    /// <summary>TorchSharp asks for its libraries by name; where the system does not know by name what is loaded, it is told.</summary>
    private static void Bind()
    {
        if (!DynamicLoader.BindAll(LibTorchSharp())) throw new DllNotFoundException($"{FileOf("LibTorchSharp")} needs functions that it does not have, or its files have other names inside.");
        AssemblyLoadContext.Default.ResolvingUnmanagedDll -= Find;
        AssemblyLoadContext.Default.ResolvingUnmanagedDll += Find;

        static IntPtr Find(Assembly assembly, string name) => Loaded.GetValueOrDefault(name);
    }

    private static LibTorchException DoesNotFit(string which, string reason) => new(
        $"{which} does not fit TorchSharp {typeof(torch).Assembly.GetName().Version!.ToString(3)}, which is made for libtorch {MadeFor}: {reason} {WhatToName}");

    /// <summary>The loader's own words come last.</summary>
    private static string LastLine(string message) => message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[^1].TrimEnd('.') + ".";

    /// <summary>Where the runtime finds it for TorchSharp.</summary>
    private static string LibTorchSharp()
    {
        var file = FileOf("LibTorchSharp");
        var folders = ((AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string) ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Append(AppContext.BaseDirectory);
        return folders.Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists)
            ?? throw new LibTorchException($"TorchSharp's {file} is not among the program's files; publish it again for {RuntimeInformation.RuntimeIdentifier}.");
    }

    private static string FileOf(string library)
    {
        if (OperatingSystem.IsWindows()) return $"{library}.dll";
        return OperatingSystem.IsMacOS() ? $"lib{library}.dylib" : $"lib{library}.so";
    }

    /// <summary>libtorch's archive has a file <c>build-version</c> beside <c>lib</c>, PyTorch a <c>version.py</c>.</summary>
    private static string VersionIn(string folder)
    {
        var parent = Path.GetDirectoryName(folder.TrimEnd(Path.DirectorySeparatorChar)) ?? folder;
        if (Path.Combine(parent, "build-version") is var plain && File.Exists(plain)) return File.ReadAllText(plain).Trim();
        return Path.Combine(parent, "version.py") is var python && File.Exists(python) && PythonVersion().Match(File.ReadAllText(python)) is { Success: true } match
            ? match.Groups["version"].Value
            : "unknown";
    }

    [GeneratedRegex(@"^__version__\s*=\s*'(?<version>[^']+)'", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PythonVersion();
}

/// <summary>No libtorch can be used; the message says what was looked for, where, and what to do.</summary>
internal sealed class LibTorchException(string message) : Exception(message);
