using System.Net;
using NeuralCapacitance.Api.Jobs;
using NeuralCapacitance.Api.Tests.Datasets;
using NeuralCapacitance.Client;
using NeuralCapacitance.Client.Models;

namespace NeuralCapacitance.Api.Tests.Clients;

[Collection(ServiceCollectionDefinition.Name)]
public sealed class RealServiceTests(ServiceFixture service) : IDisposable
{
    private readonly NeuralCapacitanceClient _client = new(service.Address, new ClientOptions { Retries = 1, RetryDelay = TimeSpan.Zero });
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("nc-real-");

    public void Dispose()
    {
        _client.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_folder_becomes_a_data_set_once()
    {
        Write(images: 20);

        var first = await _client.Datasets.UploadAsync("sent-as-folder", _folder.FullName);
        var second = await _client.Datasets.UploadAsync("sent-as-folder", _folder.FullName);

        first.Images.ShouldBe(20);
        second.ArchiveHash.ShouldBe(first.ArchiveHash);
        (await _client.Datasets.ListAsync()).ShouldContain(dataset => dataset.Name == "sent-as-folder" && dataset.IsUploaded);
        (await _client.Datasets.GetAsync("sent-as-folder")).TestImages.ShouldBePositive();
        await _client.Datasets.DeleteAsync("sent-as-folder");
        (await Should.ThrowAsync<ServiceException>(_client.Datasets.DeleteAsync("sent-as-folder"))).Is("dataset-not-found").ShouldBeTrue();
    }

    [Fact]
    public async Task A_file_that_is_too_large_is_refused_before_it_is_sent()
    {
        var file = Path.Combine(_folder.FullName, "large.zip");
        await File.WriteAllBytesAsync(file, new byte[ServiceFixture.MaxUploadBytes + 1]);
        var sent = new Sent();

        (await Should.ThrowAsync<ServiceException>(_client.Datasets.UploadAsync("too-large", file, sent))).Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);

        sent.Bytes.ShouldBe(0);
    }

    [Fact]
    public async Task A_job_is_followed_to_its_end_and_read_in_pages()
    {
        var job = await service.PlayedJobAsync(name: "followed by the client");

        var told = await _client.Jobs.FollowAsync(job.Id).ToListAsync();

        told.OfType<EpochObserved>().Count().ShouldBe(14);
        told[^1].ShouldBeOfType<JobEnded>().Job.State.ShouldBe(JobState.Succeeded);
        (await _client.Jobs.GetObservationsAsync(job.Id).CountAsync()).ShouldBe(14);
        (await _client.Jobs.GetTrialsAsync(job.Id)).Count.ShouldBe(2);
        (await _client.Jobs.GetRankingAsync(job.Id, new RankingQuery { Observe = 3, Predictors = ["last-seen", "best-seen"] })).Predictors.Select(predictor => predictor.Name).ShouldBe(["last-seen", "best-seen"]);
    }

    [Fact]
    public async Task A_tie_is_observed_further_by_a_job_of_the_same_seeds()
    {
        var tied = await service.PlayAsync("tied for the client", PlayedCurves.Tie);
        var told = await _client.Jobs.GetAsync(tied.Id);

        var made = await _client.Jobs.SubmitAsync(told.Answer!.Further!.From(told.Spec));

        var further = await service.GetAsync<JobResponse>(made.Links.Self);
        further.Name.ShouldBe(tied.Answer!.Further!.Name);
        further.Spec.Training.ShouldBe(tied.Spec.Training);
        further.Spec.Candidates.ShouldBe(tied.Spec.Candidates.Where(candidate => candidate.Name is not "last"));
        further.Spec.Selection.ShouldBe(tied.Spec.Selection with { Observe = 5 + tied.Answer.MoreEpochs!.Value });
        await _client.Jobs.CancelAsync(made.Id);
    }

    [Fact]
    public async Task A_spec_as_an_object_is_what_the_service_reads()
    {
        var job = await _client.Jobs.SubmitAsync(new JobSpec
        {
            Name = "as an object",
            Dataset = new DatasetSpec { Name = "synthetic", Synthetic = new SyntheticSpec { Classes = 4, TrainImages = 400, TestImages = 100 } },
            Candidates = ["resnet8", new CandidateSpec { Backbone = "cnn-small", Name = "small" }],
            Training = new TrainingSpec { Epochs = 6, Validation = 0.25 },
            Selection = new SelectionSpec { Mode = SelectionMode.Race, Start = 1, Observe = 2 },
        });

        job.Spec.Candidates.Select(candidate => candidate.Name).ShouldBe(["resnet8", "small"]);
        job.Spec.Selection!.Start.ShouldBe(1);
        job.Spec.Selection.Mode.ShouldBe(SelectionMode.Race);
        (await _client.Jobs.ListAsync(new() { States = [JobState.Queued, JobState.Running], Name = "AS AN OBJECT", Dataset = "synthetic" }).SingleAsync()).Id.ShouldBe(job.Id);
        (await _client.Jobs.CancelAsync(job.Id)).State.ShouldBe(JobState.Cancelled);
        await _client.Jobs.DeleteAsync(job.Id);
        (await Should.ThrowAsync<ServiceException>(_client.Jobs.GetAsync(job.Id))).Is("job-not-found").ShouldBeTrue();
    }

    [Fact]
    public async Task The_finalized_model_is_downloaded_and_checked()
    {
        var job = await service.PlayedJobAsync(name: "finalized by the client");
        byte[] model = [.. Enumerable.Range(0, 200_000).Select(i => (byte)(i * 7))];
        var finalization = await _client.Jobs.FinalizeAsync(job.Id, new FinalizeRequest { Candidate = "resnet8", Head = ModelHead.TrainableProbe, TrainLimit = int.MaxValue });
        await service.TrainAsync(await service.GetAsync<JobResponse>($"/api/v1/jobs/{finalization.Id}"), model);
        var path = Path.Combine(_folder.FullName, "model.safetensors");

        await _client.Jobs.DownloadModelAsync(job.Id, path);

        (await File.ReadAllBytesAsync(path)).ShouldBe(model);
        finalization.Spec.Head.ShouldBe(ModelHead.TrainableProbe);
        (await _client.Jobs.GetModelSnippetAsync(job.Id)).ShouldContain("import");
    }

    private void Write(int images)
    {
        foreach (var i in Enumerable.Range(0, images))
        {
            var folder = _folder.CreateSubdirectory(i % 2 == 0 ? "cat" : "dog");
            File.WriteAllBytes(Path.Combine(folder.FullName, $"{i}.png"), Pictures.Png(i));
        }
    }

    private sealed class Sent : IProgress<long>
    {
        public long Bytes { get; private set; }

        public void Report(long value) => Bytes = value;
    }
}
