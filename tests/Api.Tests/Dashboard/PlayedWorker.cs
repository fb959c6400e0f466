using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using NeuralCapacitance.Api.Jobs;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Infrastructure.Queue;
using NeuralCapacitance.Infrastructure.Tests;
using NeuralCapacitance.Infrastructure.Trials;

namespace NeuralCapacitance.Api.Tests.Dashboard;

/// <summary>The whole service with a worker that plays its trials: <c>resnet8</c> learns, all else fails.</summary>
public sealed class PlayedWorker : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("nc-dashboard-");
    private WebApplicationFactory<JobResponse> _factory = null!;

    public HttpClient Client { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        var database = await PostgresFixture.NewDatabaseAsync();
        _factory = new WebApplicationFactory<JobResponse>().WithWebHostBuilder(builder => builder
            .UseContentRoot(AppContext.BaseDirectory)
            .UseSetting("ConnectionStrings:Postgres", database)
            .UseSetting("Storage:Root", _folder.FullName)
            .UseSetting(WebHostDefaults.ServerUrlsKey, "http://127.0.0.1:0")
            .UseSetting("Worker:InProcess", "false")
            .ConfigureServices(services => services.AddTrialExecution<Player>(slots: 1)));
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

    private sealed class Player(TrialStore trials) : ITrialExecutor
    {
        public async Task ExecuteAsync(TrialFiring firing, CancellationToken cancellationToken)
        {
            if (await trials.ClaimNextAsync(firing.Owner, firing.Signal, "cpu", cancellationToken) is not { } claimed) return;
            if (claimed.Trial.Candidate != "resnet8")
            {
                await trials.FailAsync(claimed.Lease, new Failure("storage", "the disk is full; make room and submit the job again"), cancellationToken);
                return;
            }
            for (var epoch = 0; epoch <= claimed.Trial.EpochsTarget; epoch++)
            {
                var observation = new Observation
                {
                    TrialId = claimed.Trial.Id, Epoch = epoch, BetaEff = 0.125, ValidationAccuracy = 0.5 + (0.01 * epoch), ValidationLoss = 1, ValidationCount = 100,
                };
                await trials.RecordAsync(claimed.Lease, observation, cancellationToken);
            }
            await trials.SucceedAsync(claimed.Lease, weightsPath: null, cancellationToken);
        }
    }
}
