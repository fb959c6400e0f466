using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using NeuralCapacitance.Domain.Backbones;
using NeuralCapacitance.Infrastructure.Artifacts;
using NeuralCapacitance.Infrastructure.Downloads;
using NeuralCapacitance.Infrastructure.Storage;
using NeuralCapacitance.Infrastructure.Tests.Downloads;
using NeuralCapacitance.Infrastructure.Weights;

namespace NeuralCapacitance.Infrastructure.Tests.Weights;

public sealed class WeightsStoreTests : IDisposable
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 1000).Select(i => (byte)i)];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("nc-weights-");
    private readonly Answers _answers = new();

    private string Cache => Path.Combine(_folder.FullName, "weights");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Weights_are_downloaded_once_and_then_cached()
    {
        await using var server = new LocalServer(LocalServer.File(Content));
        await using var services = Services();
        var store = services.GetRequiredService<WeightsStore>();
        var weights = Published(server.Address.AbsoluteUri + "net.pth");
        store.IsCached(weights).ShouldBeFalse();

        var path = await store.FetchAsync(weights, CancellationToken.None);
        (await store.FetchAsync(weights, CancellationToken.None)).ShouldBe(path);

        path.ShouldBe(Path.Combine(Cache, "net.pth"));
        (await File.ReadAllBytesAsync(path)).ShouldBe(Content);
        store.IsCached(weights).ShouldBeTrue();
        store.WhyUnavailable([weights]).ShouldBe([null]);
        server.Requests.Count.ShouldBe(1);
        _answers.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task Another_file_than_the_published_one_is_no_weights()
    {
        await using var server = new LocalServer(LocalServer.File(Content));
        await using var services = Services();
        var weights = Published(server.Address.AbsoluteUri + "net.pth") with { Sha256 = "0676ba61" };

        var failure = await Should.ThrowAsync<DownloadException>(services.GetRequiredService<WeightsStore>().FetchAsync(weights, CancellationToken.None));

        failure.Fault.ShouldBe(DownloadFault.Mismatch);
        failure.Message.ShouldContain("SHA256 0676ba61… was expected");
    }

    [Fact]
    public void Offline_the_reason_says_where_the_file_belongs()
    {
        using var services = Services(("Downloads:Offline", "true"));
        var reason = services.GetRequiredService<WeightsStore>().WhyUnavailable([Published("https://example.org/net.pth")]).ShouldHaveSingleItem().ShouldNotBeNull();
        reason.ShouldContain("https://example.org/net.pth: Downloads:Offline is set.");
        reason.ShouldContain("put it into 'Storage:Root/weights' under the name 'net.pth'");
        _answers.Asked.ShouldBeEmpty();
    }

    [Fact]
    public void Servers_are_asked_at_once_and_each_answer_is_in_its_place()
    {
        using var services = Services();
        var store = services.GetRequiredService<WeightsStore>();
        // Nobody answers before all are asked.
        _answers.AnswerWhenAsked = 3;
        _answers.Unreachable = "https://example.org/2.pth";

        var reasons = store.WhyUnavailable([.. Enumerable.Range(1, 3).Select(i => Published($"https://example.org/{i}.pth") with { File = $"{i}.pth" })]);

        reasons[0].ShouldBeNull();
        reasons[1].ShouldNotBeNull().ShouldContain("'2.pth' could not be downloaded from https://example.org/2.pth: nobody is there. Get the file");
        reasons[2].ShouldBeNull();
    }

    [Fact]
    public async Task Keras_files_are_downloaded_and_verified_by_the_digest_that_Keras_publishes()
    {
        await using var server = new LocalServer(LocalServer.File(Content));
        await using var services = Services();
        var store = services.GetRequiredService<WeightsStore>();
        var published = ImageNetManifest.Find("resnet50v2").ShouldNotBeNull() with { Url = server.Address.AbsoluteUri + "net.h5" };

        (await Should.ThrowAsync<DownloadException>(store.FetchAsync(published, CancellationToken.None))).Message.ShouldContain("MD5 3ef43a0b657b3be2300d5770ece849e0 was expected");
        var weights = published with { Md5 = Convert.ToHexString(MD5.HashData(Content)) };
        var path = await store.FetchAsync(weights, CancellationToken.None);

        path.ShouldBe(Path.Combine(Cache, "resnet50v2_weights_tf_dim_ordering_tf_kernels.h5"));
        (await File.ReadAllBytesAsync(path)).ShouldBe(Content);
        store.WhyUnavailable([weights]).ShouldBe([null]);
    }

    [Fact]
    public void A_damaged_file_is_told_before_a_job_starts_without_a_network()
    {
        using var services = Services(("Downloads:Offline", "true"));
        var store = services.GetRequiredService<WeightsStore>();
        var weights = Published("https://example.org/net.pth");
        Directory.CreateDirectory(Cache);
        File.WriteAllBytes(Path.Combine(Cache, "net.pth"), Content[..^1]);

        store.WhyUnavailable([weights]).ShouldHaveSingleItem().ShouldNotBeNull().ShouldContain("the file that is there is another one or damaged");
        File.WriteAllBytes(Path.Combine(Cache, "net.pth"), Content);
        store.WhyUnavailable([weights]).ShouldBe([null]);
    }

    [Fact]
    public async Task A_damaged_file_is_downloaded_again()
    {
        await using var server = new LocalServer(LocalServer.File(Content));
        await using var services = Services();
        var store = services.GetRequiredService<WeightsStore>();
        var weights = Published(server.Address.AbsoluteUri + "net.pth");
        Directory.CreateDirectory(Cache);
        await File.WriteAllBytesAsync(Path.Combine(Cache, "net.pth"), Content[..^1]);

        store.WhyUnavailable([weights]).ShouldBe([null]);
        _answers.Asked.ShouldBe([new Uri(weights.Url)]);
        (await File.ReadAllBytesAsync(await store.FetchAsync(weights, CancellationToken.None))).ShouldBe(Content);
    }

    [Fact]
    public void A_file_is_read_once_while_it_does_not_change()
    {
        using var services = Services(("Downloads:Offline", "true"));
        var store = services.GetRequiredService<WeightsStore>();
        var weights = Published("https://example.org/net.pth");
        var path = Path.Combine(Cache, "net.pth");
        Directory.CreateDirectory(Cache);
        File.WriteAllBytes(path, Content);
        store.WhyUnavailable([weights]).ShouldBe([null]);
        var changed = File.GetLastWriteTimeUtc(path);

        // Of the same length and time: only who read it again would know.
        File.WriteAllBytes(path, new byte[Content.Length]);
        File.SetLastWriteTimeUtc(path, changed);
        store.WhyUnavailable([weights]).ShouldBe([null]);
        File.SetLastWriteTimeUtc(path, changed.AddSeconds(1));
        store.WhyUnavailable([weights]).ShouldHaveSingleItem().ShouldNotBeNull();
    }

    private static PublishedWeights Published(string url) => new()
    {
        Url = url, File = "net.pth", Format = PublishedWeights.PyTorch, Sha256 = Convert.ToHexString(SHA256.HashData(Content)), Licence = "any", Source = "any", SourceClasses = 10, Top1Accuracy = 0.7,
    };

    private ServiceProvider Services(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value))).Build();
        var services = new ServiceCollection().AddDownloads(configuration).AddSingleton<ArtifactStore>().AddSingleton<WeightsStore>();
        services.Configure<StorageOptions>(options => options.Root = _folder.FullName);
        services.Replace(ServiceDescriptor.Singleton<IReachability>(_answers));
        return services.BuildServiceProvider();
    }

    private sealed class Answers : IReachability
    {
        private readonly TaskCompletionSource _allAsked = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public List<Uri> Asked { get; } = [];

        public int AnswerWhenAsked { get; set; } = 1;

        public string? Unreachable { get; set; }

        public async Task<string?> WhyUnreachableAsync(Uri url, CancellationToken cancellationToken)
        {
            lock (Asked)
            {
                Asked.Add(url);
                if (Asked.Count == AnswerWhenAsked) _allAsked.SetResult();
            }
            await _allAsked.Task.WaitAsync(cancellationToken);
            return url.AbsoluteUri == Unreachable ? "nobody is there" : null;
        }
    }
}
