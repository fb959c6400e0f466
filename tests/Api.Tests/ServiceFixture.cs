using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using NeuralCapacitance.Api.Jobs;
using NeuralCapacitance.Api.Json;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Infrastructure.Artifacts;
using NeuralCapacitance.Infrastructure.Tests;
using NeuralCapacitance.Infrastructure.Trials;
using NeuralCapacitance.Worker.Tests.Hosting;
using Serilog.Core;

namespace NeuralCapacitance.Api.Tests;

/// <summary>The whole service without a worker, on a real database of its own; trials are played by the tests through the stores.</summary>
public sealed class ServiceFixture : IAsyncLifetime
{
    /// <summary>Of an uploaded archive.</summary>
    public const int MaxUploadBytes = 200_000;

    public static readonly JsonSerializerOptions Json = JsonServices.Configure(new JsonSerializerOptions(JsonSerializerDefaults.Web));

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("nc-api-");
    private readonly (string Key, string Value)[] _settings;
    private WebApplicationFactory<JobResponse> _factory = null!;

    public ServiceFixture() : this([])
    {
    }

    /// <summary>For a test that needs a service of its own.</summary>
    internal ServiceFixture(params (string Key, string Value)[] settings) => _settings = settings;

    public async Task InitializeAsync()
    {
        var database = await PostgresFixture.NewDatabaseAsync();
        _factory = new WebApplicationFactory<JobResponse>().WithWebHostBuilder(builder => _settings.Aggregate(Configure(builder, database), (with, setting) => with.UseSetting(setting.Key, setting.Value)));
        _factory.UseKestrel(0);
        _factory.StartServer();
        Client = _factory.CreateClient();
    }

    public async Task DisposeAsync()
    {
        Client.Dispose();
        await _factory.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>A folder that data sets may be read from; empty but for what tests put there.</summary>
    public string DataRoot => Directory.CreateDirectory(Path.Combine(_folder.FullName, "data")).FullName;

    /// <summary>Where uploaded data sets lie.</summary>
    public string Uploads => Path.Combine(_folder.FullName, "root", "uploads");

    /// <summary>What the service logs, besides the console.</summary>
    public LogSink Log { get; } = new();

    public HttpClient Client { get; private set; } = null!;

    public Uri Address => Client.BaseAddress!;

    public IServiceProvider Services => _factory.Services;

    public TrialStore Trials => Services.GetRequiredService<TrialStore>();

    /// <summary>A spec of two small candidates on generated images.</summary>
    public static string Spec(int priority = 0, int epochs = 6, string mode = "full", string name = "test") => JsonSerializer.Serialize(new
    {
        name,
        priority,
        dataset = new { name = "synthetic", synthetic = new { classes = 4, trainImages = 400, testImages = 100 } },
        candidates = new object[] { "resnet8", new { backbone = "cnn-small", name = "cnn, \"small\"" } },
        training = new { epochs, validation = 0.25 },
        selection = new { observe = 5, mode },
    });

    public async Task<HttpResponseMessage> PostAsync(string path, string json, string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        if (idempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        return await Client.SendAsync(request);
    }

    public async Task<JobResponse> SubmitAsync(string? spec = null)
    {
        using var response = await PostAsync("/api/v1/jobs", spec ?? Spec());
        response.StatusCode.ShouldBe(System.Net.HttpStatusCode.Accepted, await response.Content.ReadAsStringAsync());
        return (await response.Content.ReadFromJsonAsync<JobResponse>(Json))!;
    }

    public async Task<T> GetAsync<T>(string path)
    {
        using var response = await Client.GetAsync(path);
        response.StatusCode.ShouldBe(System.Net.HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
        return (await response.Content.ReadFromJsonAsync<T>(Json))!;
    }

    /// <summary>A job served before all others, its trials played to the end.</summary>
    public async Task<JobResponse> PlayedJobAsync(int epochs = 6, string name = "played")
    {
        var job = await SubmitAsync(Spec(priority: 100, epochs, name: name));
        for (var trial = 0; trial < job.Progress.Trials; trial++)
        {
            var claimed = await ClaimAsync(job);
            await ObserveAsync(claimed, 0, epochs);
            await Trials.SucceedAsync(claimed.Lease, weightsPath: null, CancellationToken.None);
        }

        return await GetAsync<JobResponse>(job.Links.Self);
    }

    /// <summary>A job served before all others, whose first trial has saved its network.</summary>
    /// <returns>The job, and where the network lies.</returns>
    public async Task<(JobResponse Job, string Path)> SavedJobAsync(string name = "saved")
    {
        var job = await SubmitAsync(Spec(priority: 100, name: name));
        var path = await SaveAsync(job);
        (await PostAsync(job.Links.Cancel, "")).Dispose();
        return (job, path);
    }

    /// <summary>Plays the job's next trial, which saves a network of no tensor.</summary>
    /// <returns>Where it lies.</returns>
    public async Task<string> SaveAsync(JobResponse job)
    {
        var artifacts = Services.GetRequiredService<ArtifactStore>();
        var claimed = await ClaimAsync(job);
        await ObserveAsync(claimed, 0, 1);
        var path = artifacts.WeightsPath(job.Id, claimed.Trial.Id);
        artifacts.WriteAtomically(path, to => File.WriteAllBytes(to, WeightsFiles.Safetensors()));
        await Trials.SucceedAsync(claimed.Lease, Path.GetRelativePath(artifacts.Root, path), CancellationToken.None);
        return path;
    }

    /// <summary>Plays a race, served before all others, to its end.</summary>
    public async Task<JobResponse> RaceAsync(JobResponse job)
    {
        for (var now = job; !now.State.IsFinal; now = await GetAsync<JobResponse>(job.Links.Self))
        {
            var claimed = await ClaimAsync(job);
            await ObserveAsync(claimed, claimed.Trial.EpochsDone == 0 ? 0 : claimed.Trial.EpochsDone + 1, claimed.Trial.EpochsTarget);
            await Trials.PauseAsync(claimed.Lease, weightsPath: null, CancellationToken.None);
        }

        return await GetAsync<JobResponse>(job.Links.Self);
    }

    /// <summary>Takes the job's next trial; the job has the highest priority.</summary>
    public async Task<ClaimedTrial> ClaimAsync(JobResponse job)
    {
        var claimed = await Trials.ClaimNextAsync($"owner-{Guid.NewGuid()}", $"signal-{Guid.NewGuid()}", "cpu", CancellationToken.None);
        claimed.ShouldNotBeNull().Trial.JobId.ShouldBe(job.Id, "another test left a trial of the highest priority behind");
        return claimed;
    }

    /// <summary>Plays the trial of a finalization, whose model is <paramref name="model"/>.</summary>
    /// <returns>Where the model lies.</returns>
    public async Task<string> TrainAsync(JobResponse finalization, byte[] model)
    {
        var artifacts = Services.GetRequiredService<ArtifactStore>();
        var claimed = await ClaimAsync(finalization);
        await ObserveAsync(claimed, 0, 1);
        var path = artifacts.ModelPath(finalization.Id, claimed.Trial.Id, claimed.Lease.Attempt);
        artifacts.WriteAtomically(path, to => File.WriteAllBytes(to, model));
        var digest = new FileDigest(Convert.ToHexStringLower(SHA256.HashData(model)), model.Length);
        await Trials.SucceedAsync(claimed.Lease, Path.GetRelativePath(artifacts.Root, path), digest, CancellationToken.None);
        return path;
    }

    /// <summary>Epochs of a saturating curve: accuracy rises while β_eff falls.</summary>
    public async Task ObserveAsync(ClaimedTrial claimed, int from, int to)
    {
        for (var epoch = from; epoch <= to; epoch++)
        {
            var learnt = 1 - Math.Exp(-0.5 * epoch);
            var best = 0.8 - (0.2 * claimed.Trial.CandidateIndex);
            await Trials.RecordAsync(
                claimed.Lease,
                new Observation
                {
                    TrialId = claimed.Trial.Id,
                    Epoch = epoch,
                    BetaEff = 4 * (1 - (0.8 * learnt)),
                    ValidationAccuracy = 0.25 + ((best - 0.25) * learnt) + (0.005 * (epoch % 2)),
                    ValidationLoss = epoch == 0 ? double.PositiveInfinity : 1.4 - learnt,
                    ValidationCount = 100,
                    TrainAccuracy = epoch == 0 ? null : 0.3 + (0.5 * learnt),
                    TrainSeconds = epoch == 0 ? 0 : 1.5,
                    BetaSeconds = 0.25,
                    ValidationSeconds = 0.5,
                },
                CancellationToken.None);
        }
    }

    /// <summary>What a test's own settings do not say.</summary>
    private IWebHostBuilder Configure(IWebHostBuilder builder, string database) => builder
        // What was built, as it is served: the page with the library that comes from a package.
        .UseContentRoot(AppContext.BaseDirectory)
        .UseSetting("Datasets:ListAge", "00:00:00")
        .UseSetting("ConnectionStrings:Postgres", database)
        .UseSetting("Downloads:Offline", "true")
        .UseSetting("Storage:Root", Path.Combine(_folder.FullName, "root"))
        .UseSetting("Storage:DataRoots:0", DataRoot)
        .UseSetting("Uploads:MaxBytes", MaxUploadBytes.ToString())
        .UseSetting("Uploads:KeepFreeBytes", "0")
        // Any free port: another service, or another run of these tests, may have the standard one.
        .UseSetting(WebHostDefaults.ServerUrlsKey, "http://127.0.0.1:0")
        .UseSetting("Worker:InProcess", "false")
        .ConfigureServices(services => services.AddSingleton<ILogEventSink>(Log));
}

/// <summary>One service for all tests that need it, but those of its page; they run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class ServiceCollectionDefinition : ICollectionFixture<ServiceFixture>
{
    public const string Name = "service";
}

/// <summary>Another one for the tests of the page, which take as long as all others: they run beside these, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class PagesCollectionDefinition : ICollectionFixture<ServiceFixture>
{
    public const string Name = "pages";
}
