using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Infrastructure.Postgres.Embedded;
using NeuralCapacitance.Infrastructure.Storage;

namespace NeuralCapacitance.Infrastructure.Access;

public static class ProtectionKeys
{
    /// <summary>
    /// The page's sessions and the webhooks' secrets are protected by keys below the storage root, readable by this account alone: they outlive the process, and nodes that share the root know
    /// each other's. Calling it twice is harmless.
    /// </summary>
    public static IServiceCollection AddProtectionKeys(this IServiceCollection services)
    {
        services.AddDataProtection().SetApplicationName("NeuralCapacitance");
        services.AddOptions<KeyManagementOptions>().Configure<IOptions<StorageOptions>, ILoggerFactory>((options, storage, log) =>
        {
            PrivateFolder.Make(storage.Value.KeyRoot);
            options.XmlRepository = new FileSystemXmlRepository(new DirectoryInfo(storage.Value.KeyRoot), log);
        });
        return services;
    }
}
