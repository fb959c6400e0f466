using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Infrastructure.Storage;

namespace NeuralCapacitance.Worker.Datasets;

/// <summary>Configuration section <c>Datasets</c>; data roots and the place of the cache come from <c>Storage</c> where it is silent.</summary>
public sealed class DatasetOptions
{
    public const string Section = "Datasets";

    /// <summary>Folders that image folders may be read from; a relative path in a spec is looked up in each, in this order.</summary>
    public IList<string> DataRoots { get; set; } = [];

    /// <summary>Where decoded images are kept, and the last used inspections and contact sheets. All of it can be made again: deleting it costs nothing but time.</summary>
    public string CacheRoot { get; set; } = "";

    /// <summary>Bytes that the cache may take: when it would take more, files that were not used for longest and are not in use are deleted. 0: no limit.</summary>
    public long CacheLimit { get; set; } = 50_000_000_000;

    /// <summary>Where downloaded data sets are kept; looked at after the data roots.</summary>
    public string DownloadRoot { get; set; } = "";

    /// <summary>Threads that decode; 0 takes all cores.</summary>
    public int DecodeThreads { get; set; }

    /// <summary>How old a listing of data sets may be before the folders are looked at again; 0: they are looked at each time.</summary>
    public TimeSpan ListAge { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Uploaded data sets: a data root after all others, which need not exist yet.</summary>
    internal string? UploadRoot { get; set; }

    internal IEnumerable<string> AllRoots => UploadRoot is null ? DataRoots : DataRoots.Append(UploadRoot);

    /// <summary>How messages name places to a client.</summary>
    internal ClientPaths ToldPaths => new(AllRoots, [KeyValuePair.Create(CacheRoot, $"{Section}:{nameof(CacheRoot)}"), KeyValuePair.Create(DownloadRoot, $"{Section}:{nameof(DownloadRoot)}")]);

    internal int EffectiveDecodeThreads => DecodeThreads > 0 ? DecodeThreads : Environment.ProcessorCount;
}

/// <summary>Reads section <c>Datasets</c>, and from <c>Storage:DataRoots</c> and <c>Storage:Root</c> what it leaves open.</summary>
internal sealed class DatasetOptionsFromConfiguration(IConfiguration configuration) : IConfigureOptions<DatasetOptions>
{
    public void Configure(DatasetOptions options)
    {
        configuration.GetSection(DatasetOptions.Section).Bind(options);
        if (options.DataRoots.Count == 0) options.DataRoots = configuration.GetSection("Storage:DataRoots").Get<string[]>() ?? [];
        var root = configuration["Storage:Root"] ?? ".data";
        if (options.CacheRoot.Length == 0) options.CacheRoot = Path.Combine(root, "datasets");
        if (options.DownloadRoot.Length == 0) options.DownloadRoot = Path.Combine(root, "downloads", "datasets");
        options.UploadRoot = new StorageOptions { Root = root }.UploadRoot;
    }
}

/// <summary>Reports every fault at once.</summary>
internal sealed class DatasetOptionsValidation : IValidateOptions<DatasetOptions>
{
    private const int MostThreads = 1024;
    private static readonly TimeSpan MostListAge = TimeSpan.FromHours(1);

    public ValidateOptionsResult Validate(string? name, DatasetOptions options)
    {
        var faults = new List<string>();
        for (var i = 0; i < options.DataRoots.Count; i++)
        {
            if (!Directory.Exists(options.DataRoots[i]))
                faults.Add($"{DatasetOptions.Section}:DataRoots:{i} is '{options.DataRoots[i]}', which is no folder; give the path of one that exists.");
        }
        if (string.IsNullOrWhiteSpace(options.CacheRoot) || File.Exists(options.CacheRoot))
            faults.Add($"{DatasetOptions.Section}:CacheRoot is '{options.CacheRoot}'; give a folder that can be written to.");
        if (options.CacheLimit < 0)
            faults.Add($"{DatasetOptions.Section}:CacheLimit is {options.CacheLimit}; accepted is a number of bytes, or 0 for no limit.");
        if (string.IsNullOrWhiteSpace(options.DownloadRoot) || File.Exists(options.DownloadRoot))
            faults.Add($"{DatasetOptions.Section}:DownloadRoot is '{options.DownloadRoot}'; give a folder that can be written to.");
        if (options.DecodeThreads is < 0 or > MostThreads)
            faults.Add($"{DatasetOptions.Section}:DecodeThreads is {options.DecodeThreads}; accepted is 0 (all cores) … {MostThreads}.");
        if (options.ListAge < TimeSpan.Zero || options.ListAge > MostListAge)
            faults.Add($"{DatasetOptions.Section}:ListAge is {options.ListAge}; accepted is 00:00:00 (look each time) … {MostListAge}.");
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
