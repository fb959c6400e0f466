using Microsoft.Extensions.Options;

namespace NeuralCapacitance.Infrastructure.Storage;

/// <summary>Where things lie on disk. Section <c>Storage</c>.</summary>
public sealed class StorageOptions
{
    public const string Section = "Storage";

    /// <summary>Holds the embedded database, checkpoints, weights, caches and uploaded data sets; relative to the working directory.</summary>
    public string Root { get; set; } = ".data";

    /// <summary>Folders that data sets and <c>file:</c> weights may be read from, besides the artifacts.</summary>
    public IList<string> DataRoots { get; set; } = [];

    /// <summary>Uploaded data sets, a folder each: one more data root.</summary>
    public string UploadRoot => Path.Combine(AbsoluteRoot, "uploads");

    /// <summary>What protects the page's sessions and the webhooks' secrets in the database. Who can read it can make the ones, and with the database read the others.</summary>
    internal string KeyRoot => Path.Combine(AbsoluteRoot, "keys");

    internal string AbsoluteRoot => Path.GetFullPath(Root);
}

internal sealed class StorageOptionsValidator : IValidateOptions<StorageOptions>
{
    public ValidateOptionsResult Validate(string? name, StorageOptions options)
    {
        var faults = new List<string>();
        if (string.IsNullOrWhiteSpace(options.Root))
            faults.Add("Storage:Root is empty; give a folder that the service may write to.");
        else if (File.Exists(options.AbsoluteRoot))
            faults.Add($"Storage:Root '{options.Root}' is a file; give a folder that the service may write to.");
        else if (WritableFolder.FaultOf(options.AbsoluteRoot) is { } fault)
            faults.Add($"Storage:Root '{options.Root}' cannot be written to ({fault}); give a folder that the service may write to.");
        for (var i = 0; i < options.DataRoots.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(options.DataRoots[i]) || !Directory.Exists(options.DataRoots[i]))
                faults.Add($"Storage:DataRoots:{i} '{options.DataRoots[i]}' is no folder; give the path of an existing one.");
        }
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
