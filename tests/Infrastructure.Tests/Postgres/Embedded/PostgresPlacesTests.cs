using System.Runtime.InteropServices;
using NeuralCapacitance.Infrastructure.Postgres.Embedded;

namespace NeuralCapacitance.Infrastructure.Tests.Postgres.Embedded;

public sealed class PostgresPlacesTests
{
    private static readonly Dictionary<string, string> WindowsVariables = new(StringComparer.OrdinalIgnoreCase)
    {
        ["ProgramFiles"] = @"C:\Program Files",
        ["ProgramW6432"] = @"C:\Program Files",
        ["USERPROFILE"] = @"C:\Users\ada",
    };

    [Fact]
    public void Windows_has_them_in_the_installers_folder_and_in_scoops()
    {
        var places = PostgresPlaces.Of(OSPlatform.Windows, WindowsVariables.GetValueOrDefault);

        places.Patterns.ShouldBe([@"C:\Program Files\PostgreSQL\*\bin", @"C:\Users\ada\scoop\apps\postgresql*\current\bin"]);
        places.Suffix.ShouldBe(".exe");
        places.Remedy.ShouldContain("winget");
    }

    [Fact]
    public void Windows_without_these_variables_leaves_only_the_path()
        => PostgresPlaces.Of(OSPlatform.Windows, _ => null).Patterns.ShouldBeEmpty();

    [Fact]
    public void MacOS_has_them_where_Homebrew_the_app_the_installer_and_MacPorts_put_them()
    {
        var places = PostgresPlaces.Of(OSPlatform.OSX, _ => null);

        places.Patterns.ShouldContain("/opt/homebrew/opt/postgresql*/bin");
        places.Patterns.ShouldContain("/Applications/Postgres.app/Contents/Versions/*/bin");
        places.Patterns.ShouldContain("/Library/PostgreSQL/*/bin");
        places.Patterns.ShouldContain("/opt/local/lib/postgresql*/bin");
        places.Suffix.ShouldBeEmpty();
        places.Remedy.ShouldContain("brew");
    }

    [Fact]
    public void Linux_has_them_where_the_distributions_put_them()
        => PostgresPlaces.Of(OSPlatform.Linux, _ => null).Patterns.ShouldBe(["/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/local/pgsql/bin"]);

    [Fact]
    public void Patterns_match_the_folders_that_are_there()
    {
        var root = Directory.CreateTempSubdirectory("nc-places-").FullName;
        try
        {
            foreach (var folder in (string[])["pg/15/bin", "pg/17/bin", "pg/18/lib", "pgsql-16/bin", "other-16/bin", "plain/bin"])
                Directory.CreateDirectory(Path.Combine([root, .. folder.Split('/')]));
            var places = new PostgresPlaces([Under("pg", "*", "bin"), Under("pgsql-*", "bin"), Under("plain", "bin"), Under("absent", "*", "bin"), Under("absent", "bin")], "", "");

            places.Folders.ShouldBe([Under("pg", "15", "bin"), Under("pg", "17", "bin"), Under("pgsql-16", "bin"), Under("plain", "bin")]);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }

        string Under(params string[] parts) => Path.Combine([root, .. parts]);
    }

    [Fact]
    public async Task Machine_without_a_server_is_told_what_was_looked_for_and_what_to_do()
    {
        var places = PostgresPlaces.Of(OSPlatform.Windows, WindowsVariables.GetValueOrDefault);

        var refusal = await Should.ThrowAsync<EmbeddedPostgresException>(() => PostgresInstallation.FindAsync(clusterVersion: null, places, [], default));

        refusal.Message.ShouldContain("initdb.exe");
        refusal.Message.ShouldContain("pg_ctl.exe");
        refusal.Message.ShouldContain("PATH");
        refusal.Message.ShouldContain(@"C:\Program Files\PostgreSQL\*\bin");
        refusal.Message.ShouldContain("winget install");
        refusal.Message.ShouldContain("ConnectionStrings:Postgres");
    }
}
