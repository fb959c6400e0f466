using Microsoft.Extensions.Configuration;

namespace NeuralCapacitance.Worker.Settings;

/// <summary>Settings as files of a folder, as Docker and Kubernetes mount secrets: the file's name is the key (<c>__</c> for the colon), its text the value. They win.</summary>
internal static class SecretFiles
{
    public const string FolderKey = "Secrets:Folder";

    public static void AddTo(IConfigurationManager configuration)
    {
        if (configuration[FolderKey] is { Length: > 0 } folder && Directory.Exists(folder)) configuration.AddKeyPerFile(Path.GetFullPath(folder), optional: true);
    }
}
