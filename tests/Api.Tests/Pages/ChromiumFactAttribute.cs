namespace NeuralCapacitance.Api.Tests.Pages;

/// <summary>A test that drives a real browser; skipped where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ChromiumFactAttribute : FactAttribute
{
    public const string Executable = "/usr/bin/chromium";

    public static bool IsInstalled => File.Exists(Executable);

    public ChromiumFactAttribute()
    {
        if (!IsInstalled)
        {
            Skip = $"{Executable} is not installed (Debian package chromium).";
        }
    }
}
