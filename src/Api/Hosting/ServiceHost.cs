using System.Reflection;
using NeuralCapacitance.Api.Access;
using NeuralCapacitance.Api.Audit;
using NeuralCapacitance.Api.Backbones;
using NeuralCapacitance.Api.Dashboard;
using NeuralCapacitance.Api.Datasets;
using NeuralCapacitance.Api.Documentation;
using NeuralCapacitance.Api.Events;
using NeuralCapacitance.Api.Finalizations;
using NeuralCapacitance.Api.Health;
using NeuralCapacitance.Api.Jobs;
using NeuralCapacitance.Api.Json;
using NeuralCapacitance.Api.Keys;
using NeuralCapacitance.Api.Limits;
using NeuralCapacitance.Api.Metrics;
using NeuralCapacitance.Api.Observations;
using NeuralCapacitance.Api.OpenApi;
using NeuralCapacitance.Api.Predictors;
using NeuralCapacitance.Api.Problems;
using NeuralCapacitance.Api.Races;
using NeuralCapacitance.Api.Rankings;
using NeuralCapacitance.Api.Reports;
using NeuralCapacitance.Api.Retention;
using NeuralCapacitance.Api.Sessions;
using NeuralCapacitance.Api.Trials;
using NeuralCapacitance.Api.Webhooks;
using NeuralCapacitance.Api.Workers;
using NeuralCapacitance.Domain.Access;
using NeuralCapacitance.Domain.Backbones;
using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Notifications;
using NeuralCapacitance.Domain.Rankings;
using NeuralCapacitance.Infrastructure;
using NeuralCapacitance.Infrastructure.Uploads;
using NeuralCapacitance.Worker.Logging;
using NeuralCapacitance.Worker.Settings;

namespace NeuralCapacitance.Api.Hosting;

/// <summary>Builds the service: what it is made of, then what a request passes through.</summary>
internal static class ServiceHost
{
    private const string DefaultUrl = "http://127.0.0.1:5080";

    /// <param name="args">Configuration as <c>--Section:Key=value</c>.</param>
    /// <param name="settings">Win over everything else.</param>
    /// <param name="configure">Replaces services.</param>
    /// <exception cref="SettingsException">Settings are wrong; all that are, at once.</exception>
    public static WebApplication Build(IReadOnlyList<string> args, IReadOnlyDictionary<string, string?>? settings = null, Action<IServiceCollection>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = [.. args],
            // Settings and the page lie beside the assembly; the working directory may be anywhere.
            ContentRootPath = ContentRootOf(args),
        });
        builder.Configuration.AddInMemoryCollection(settings ?? new Dictionary<string, string?>(StringComparer.Ordinal));
        var review = SettingsReview.Begin(builder.Configuration, typeof(ServiceHost).Assembly);
        if (string.IsNullOrEmpty(builder.Configuration[WebHostDefaults.HttpPortsKey]))
        {
            builder.WebHost.UseUrls(builder.Configuration[WebHostDefaults.ServerUrlsKey] ?? DefaultUrl);
        }

        builder.WebHost.AddOperationsUrl(builder.Configuration);

        builder.Services.AddWorkerLogging(builder.Configuration);
        AddServices(builder.Services, builder.Configuration);
        configure?.Invoke(builder.Services);
        var app = builder.Build();
        review.End(app.Services);
        Use(app);
        return app;
    }

    private static void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(TimeProvider.System);
        // An in-process worker leaves its training step and hands the trial back before the embedded database goes.
        services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(50));
        services.AddNode(configuration);
        services.AddHttpContextAccessor();
        services.AddScoped(provider => new JobSpecReader(
            provider.GetRequiredService<IBackboneCatalogue>(),
            provider.GetRequiredService<DatasetAccess>().For(provider.GetRequiredService<IHttpContextAccessor>().HttpContext!.Caller()),
            provider.GetService<IWeightsStore>(),
            provider.GetService<IWeightsCheck>(),
            provider.GetRequiredService<IReceiverPolicy>()));
        services.AddSingleton<UploadedFolders>();
        services.AddSingleton<UploadSlots>();
        services.AddSingleton<KnownDatasets>();
        services.AddSingleton<Readiness>();
        services.AddSingleton<RaceStandings>();
        services.AddSingleton<IUploadUse>(provider => provider.GetRequiredService<UploadedFolders>());
        services.AddHousekeeping(configuration);
        services.AddSingleton<DatasetAccess>();
        services.AddSingleton<JobReader>();
        services.AddScoped<ObservationReader>();
        services.AddEvents(configuration);
        services.AddSingleton<RankCandidates>(_ => Ranker.Rank);
        services.AddSingleton<RankingReader>();
        services.AddSingleton<OwnRanking>();
        services.AddSingleton<ReportReader>();
        services.AddSingleton<ReportDatasets>();
        services.AddWireFormat();
        services.AddProblems();
        services.AddAccess(configuration).AddProxies(configuration).AddOperationsPort(configuration).AddAllowedHosts();
        services.AddLimits(configuration);
        services.AddOpenApiDocument();
        services.AddServiceMetrics(configuration);
    }

    private static void Use(WebApplication app)
    {
        app.UseProxies();
        app.UseRequestLog();
        app.UseSecurityHeaders();
        app.UseProblems();
        app.UseAllowedHosts();
        app.UseOperationsPort();
        app.UseCrossSiteGuard();
        app.UseAuthentication();
        app.UseRateLimiter();
        app.UseQueueDashboard();
        app.UseDefaultFiles();
        app.UseStaticFiles();
        app.UseOpenApiDocument();
        app.UseAuthorization();
        app.UseJobOwnership();

        var api = app.MapGroup(ApiRoutes.Prefix).ProducesProblems(ProblemTypes.DatabaseUnavailable).DeclaresCrossSiteRefusal().RequireRole(Role.Read)
            .ProducesProblems(ProblemTypes.RateLimited);
        api.MapJobs();
        api.MapTrials();
        api.MapDecisions();
        api.MapObservations();
        api.MapEvents();
        api.MapRankings();
        api.MapReports();
        api.MapPredictors();
        api.MapFinalizations();
        api.MapModels();
        api.MapBackbones();
        api.MapDatasets();
        api.MapDatasetUploads();
        api.MapWorkers();
        api.MapDeliveries();
        api.MapWebhooks();
        api.MapRetention();
        api.MapKeys();
        api.MapAudit();

        app.MapHealth();
        app.MapSession();
        app.MapMetrics();
        app.MapProblems();
        app.MapMethod();
    }

    /// <summary>A test host says where it wants its content root; nobody else does.</summary>
    private static string ContentRootOf(IReadOnlyList<string> args)
        => args.FirstOrDefault(arg => arg.StartsWith("--contentRoot=", StringComparison.OrdinalIgnoreCase))?.Split('=', 2)[1]
            ?? Path.GetDirectoryName(Assembly.GetExecutingAssembly().Location)!;
}
