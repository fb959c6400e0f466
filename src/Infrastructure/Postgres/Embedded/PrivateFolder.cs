using System.Runtime.Versioning;
using System.Security.AccessControl;
using System.Security.Principal;

namespace NeuralCapacitance.Infrastructure.Postgres.Embedded;

/// <summary>A folder that only this process's account (and the system's administrators) may enter.</summary>
internal static class PrivateFolder
{
    /// <exception cref="EmbeddedPostgresException">It cannot be made; says why.</exception>
    public static void Make(string path)
    {
        try
        {
            if (OperatingSystem.IsWindows()) MakeOnWindows(path);
            else Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EmbeddedPostgresException($"Cannot make the folder {path}: {e.Message}");
        }
    }

    /// <summary>What folders on Windows inherit lets every account write, into a server's socket too.</summary>
    [SupportedOSPlatform("windows")]
    private static void MakeOnWindows(string path)
    {
        using var self = WindowsIdentity.GetCurrent();
        SecurityIdentifier[] accounts =
        [
            self.User!,
            new(WellKnownSidType.LocalSystemSid, domainSid: null),
            new(WellKnownSidType.BuiltinAdministratorsSid, domainSid: null),
        ];
        var security = new DirectorySecurity();
        security.SetAccessRuleProtection(isProtected: true, preserveInheritance: false);
        foreach (var account in accounts)
        {
            security.AddAccessRule(new FileSystemAccessRule(
                account, FileSystemRights.FullControl, InheritanceFlags.ContainerInherit | InheritanceFlags.ObjectInherit, PropagationFlags.None, AccessControlType.Allow));
        }
        security.CreateDirectory(path);
    }
}
