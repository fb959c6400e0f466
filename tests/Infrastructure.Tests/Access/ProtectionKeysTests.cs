using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using NeuralCapacitance.Infrastructure.Access;
using NeuralCapacitance.Infrastructure.Storage;

namespace NeuralCapacitance.Infrastructure.Tests.Access;

public sealed class ProtectionKeysTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("nc-protection-keys-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task What_one_process_protects_another_on_the_same_root_reads_and_none_else()
    {
        string text;
        await using (var before = Node("root")) text = Protector(before).Protect("session");
        await using var after = Node("root");
        await using var elsewhere = Node("another");

        Protector(after).Unprotect(text).ShouldBe("session");
        Should.Throw<CryptographicException>(() => Protector(elsewhere).Unprotect(text));
    }

    [Fact]
    public async Task Only_the_services_account_may_enter_the_folder()
    {
        await using var node = Node("root");
        Protector(node).Protect("session");

        var folder = new DirectoryInfo(Path.Combine(_folder.FullName, "root", "keys"));
        folder.EnumerateFiles("key-*.xml").ShouldHaveSingleItem();
        if (!OperatingSystem.IsWindows()) folder.UnixFileMode.ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private ServiceProvider Node(string root)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create("Storage:Root", (string?)Path.Combine(_folder.FullName, root))]).Build();
        var services = new ServiceCollection().AddLogging();
        services.AddOptions<StorageOptions>().Bind(configuration.GetSection(StorageOptions.Section));
        return services.AddProtectionKeys().BuildServiceProvider();
    }

    private static IDataProtector Protector(ServiceProvider node) => node.GetRequiredService<IDataProtectionProvider>().CreateProtector("test");
}
