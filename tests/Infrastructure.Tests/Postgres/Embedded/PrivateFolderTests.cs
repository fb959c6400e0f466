using System.Runtime.Versioning;
using NeuralCapacitance.Infrastructure.Postgres.Embedded;

namespace NeuralCapacitance.Infrastructure.Tests.Postgres.Embedded;

[UnsupportedOSPlatform("windows")]
public sealed class PrivateFolderTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("nc-private-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Nobody_else_may_enter_it()
    {
        var folder = Path.Combine(_root, "private");
        PrivateFolder.Make(folder);
        File.GetUnixFileMode(folder).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public void File_in_its_place_is_told()
    {
        var folder = Path.Combine(_root, "taken");
        File.WriteAllText(folder, "");
        Should.Throw<EmbeddedPostgresException>(() => PrivateFolder.Make(folder)).Message.ShouldContain(folder);
    }
}
