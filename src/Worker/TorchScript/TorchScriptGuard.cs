using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Infrastructure.Artifacts;
using NeuralCapacitance.Infrastructure.Storage;
using NeuralCapacitance.Worker.Hosting;
using NeuralCapacitance.Worker.Weights;

namespace NeuralCapacitance.Worker.TorchScript;

/// <summary>Decides on this node which TorchScript files may run, and how. No process that serves requests or takes trials ever loads one.</summary>
public sealed class TorchScriptGuard
{
    private readonly TorchScriptOptions options;
    private readonly ILogger logger;
    private readonly FileDigests digests = new();
    private readonly Lazy<(Bubblewrap? Tool, string? Reason)> sandbox;

    public TorchScriptGuard(IOptions<TorchScriptOptions> options, IConfiguration configuration, ILogger<TorchScriptGuard> logger)
        : this(options.Value, configuration, logger, FindSandbox)
    {
    }

    internal TorchScriptGuard(TorchScriptOptions options, IConfiguration configuration, ILogger logger, Func<(Bubblewrap? Tool, string? Reason)> findSandbox)
    {
        this.options = options;
        this.logger = logger;
        Policy = TorchScriptPolicy.Of(options.AllowTorchScript);
        Torch = configuration.GetSection(TorchOptions.Section).Get<TorchOptions>() ?? new();
        var storage = configuration.GetSection(StorageOptions.Section).Get<StorageOptions>() ?? new();
        Artifacts = new(Options.Create(storage));
        AbsolutePlaces =
        [
            KeyValuePair.Create($"{StorageOptions.Section}:{nameof(storage.Root)}", Path.GetFullPath(storage.Root)),
            .. storage.DataRoots.Select((root, i) => KeyValuePair.Create($"{StorageOptions.Section}:{nameof(storage.DataRoots)}:{i}", Path.GetFullPath(root))),
        ];
        sandbox = new(findSandbox);
    }

    internal TorchScriptPolicy Policy { get; }

    /// <summary>Finds the files.</summary>
    internal ArtifactStore Artifacts { get; }

    internal TorchOptions Torch { get; }

    /// <summary>Settings for a process in a sandbox, where the working folder is another one.</summary>
    internal IReadOnlyList<KeyValuePair<string, string>> AbsolutePlaces { get; }

    /// <summary>What a model runs in; null: it runs as the worker does, since the settings say so.</summary>
    /// <exception cref="TorchScriptRefusedException">There is nothing to run it in.</exception>
    internal Bubblewrap? SandboxOrThrow() => sandbox.Value is { Tool: null, Reason: var reason } && !options.TorchScriptWithoutSandbox
        ? throw new TorchScriptRefusedException(
            $"TorchScript is a program, and this machine has no sandbox to run it in: {reason} Install bubblewrap where it works, or say {TorchScriptOptions.WithoutSandboxSetting}=true: such a model may then do whatever the worker may")
        : sandbox.Value.Tool;

    /// <summary>For the log of a worker that starts: what becomes of TorchScript. Silent where none is allowed.</summary>
    internal void Announce()
    {
        if (Policy.IsOff) return;
        var which = Policy.AllowsAll ? "every TorchScript file in a data root" : "the TorchScript files whose digests Worker:AllowTorchScript lists";
        if (sandbox.Value.Tool is { } tool) TorchScriptLog.RunsInSandbox(logger, which, tool.Version);
        else if (options.TorchScriptWithoutSandbox) TorchScriptLog.RunsFree(logger, which, sandbox.Value.Reason);
        else TorchScriptLog.RunsNowhere(logger, sandbox.Value.Reason);
    }

    /// <summary>Absolute path of a candidate's file, which may run as it is now.</summary>
    /// <exception cref="TorchScriptRefusedException">It may not; the reason names its digest.</exception>
    /// <exception cref="WeightsException">There is no such file, or it is no TorchScript.</exception>
    internal string FileOf(CandidateSpec candidate)
    {
        try
        {
            var path = Artifacts.ResolveWeights(candidate.Weights[CandidateSpec.FilePrefix.Length..]);
            TorchScriptFile.Check(path);
            if (!Policy.AllowsAll && digests.Of(path) is var digest && !Policy.Allows(digest)) throw new TorchScriptRefusedException($"'{candidate.Weights}' is refused: {TorchScriptPolicy.Refusal(digest)}");
            return path;
        }
        catch (Exception e) when (e is ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw new WeightsException(e.Message, e);
        }
    }

    private static (Bubblewrap? Tool, string? Reason) FindSandbox() => (Bubblewrap.Find(out var reason), reason);
}

/// <summary>A TorchScript file may not run here; the message says which, and what whoever operates the service can do.</summary>
internal sealed class TorchScriptRefusedException(string message) : Exception(message);

internal static partial class TorchScriptLog
{
    [LoggerMessage(3040, LogLevel.Information, "Worker:AllowTorchScript: {Which} may run, each in a sandbox ({Version})")]
    public static partial void RunsInSandbox(ILogger logger, string which, string version);

    [LoggerMessage(3041, LogLevel.Warning, "Worker:AllowTorchScript: {Which} may run, with all that this worker may do (Worker:TorchScriptWithoutSandbox). No sandbox: {Reason}")]
    public static partial void RunsFree(ILogger logger, string which, string? reason);

    [LoggerMessage(3042, LogLevel.Warning, "Worker:AllowTorchScript allows TorchScript, but its trials are refused here, since there is no sandbox: {Reason} Worker:TorchScriptWithoutSandbox=true would run them without one")]
    public static partial void RunsNowhere(ILogger logger, string? reason);
}
