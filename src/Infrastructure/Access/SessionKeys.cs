using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Infrastructure.Postgres.Embedded;
using NeuralCapacitance.Infrastructure.Storage;

namespace NeuralCapacitance.Infrastructure.Access;

public static class SessionKeys
{
    /// <summary>Cookies are protected by keys below the storage root: they outlive the process, and nodes that share the root know each other's.</summary>
    public static IServiceCollection AddSessionKeys(this IServiceCollection services)
    {
        services.AddDataProtection().SetApplicationName("NeuralCapacitance");
        services.AddOptions<KeyManagementOptions>().Configure<IOptions<StorageOptions>, ILoggerFactory>((options, storage, log) =>
        {
            PrivateFolder.Make(storage.Value.SessionKeyRoot);
            options.XmlRepository = new FileSystemXmlRepository(new DirectoryInfo(storage.Value.SessionKeyRoot), log);
        });
        return services;
    }
}
