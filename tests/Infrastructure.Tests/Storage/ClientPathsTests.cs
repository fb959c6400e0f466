using NeuralCapacitance.Infrastructure.Storage;

namespace NeuralCapacitance.Infrastructure.Tests.Storage;

public sealed class ClientPathsTests
{
    private static readonly ClientPaths Paths = new(["/srv/data", "/srv/data/more"], [new("/var/lib/service", "Storage:Root"), new("/var/lib/service/cache", "Datasets:CacheRoot")]);

    [Theory]
    [InlineData("'/srv/data/birds' holds no images.", "'birds' holds no images.")]
    [InlineData("'/srv/data/more/birds/1.jpg' cannot be read: Could not find file '/srv/data/more/birds/1.jpg'.", "'birds/1.jpg' cannot be read: Could not find file 'birds/1.jpg'.")]
    [InlineData("The images in '/srv/data' cannot be read", "The images in '.' cannot be read")]
    [InlineData("No space left on device : /var/lib/service/cache/ab-32.images.partial", "No space left on device : Datasets:CacheRoot/ab-32.images.partial")]
    [InlineData("in '/var/lib/service/weights' under", "in 'Storage:Root/weights' under")]
    [InlineData("Access to the path /var/lib/service is denied.", "Access to the path Storage:Root is denied.")]
    [InlineData("'/srv/database' and '/mnt/srv/data/x' and https://host/srv/data/x are others", "'/srv/database' and '/mnt/srv/data/x' and https://host/srv/data/x are others")]
    [InlineData("/srv/data", ".")]
    [InlineData("/srv/data/", ".")]
    [InlineData("in /srv/data/ and /srv/data.", "in . and ..")]
    public void A_place_is_told_as_a_spec_or_a_setting_names_it(string text, string told) => Paths.Tell(text).ShouldBe(told);

    [Fact]
    public void A_link_to_a_root_is_told_as_the_root()
    {
        var folder = Directory.CreateTempSubdirectory("nc-paths-");
        try
        {
            var real = folder.CreateSubdirectory("real").FullName;
            var link = Directory.CreateSymbolicLink(Path.Combine(folder.FullName, "link"), real).FullName;

            new ClientPaths([link], []).Tell($"'{real}/a' and '{link}/b'").ShouldBe("'a' and 'b'");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void The_whole_file_system_is_no_root_to_take_away() => new ClientPaths(["/"], []).Tell("'/etc/x'").ShouldBe("'/etc/x'");

    [Fact]
    public void A_node_hides_its_data_its_storage_and_its_program()
    {
        var paths = ClientPaths.Of(new StorageOptions { Root = "/var/lib/service", DataRoots = ["/srv/data"] });

        paths.Tell($"/srv/data/a, /var/lib/service/uploads/b, /var/lib/service/artifacts/c, /var/lib/service/weights/d, {AppContext.BaseDirectory}e.so")
            .ShouldBe("a, b, c, Storage:Root/weights/d, the program's folder/e.so");
    }
}
