namespace NeuralCapacitance.EndToEnd;

/// <summary>A folder that goes with its owner. Its path is short, since unix sockets live in it, and PostgreSQL's account may enter it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private const UnixFileMode Mode = (UnixFileMode)0b111_101_101;

    public TemporaryFolder()
    {
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Path, Mode);
    }

    public string Path { get; } = Directory.CreateTempSubdirectory("nc-").FullName;

    public string PathOf(string relative) => System.IO.Path.Combine(Path, relative);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
