using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Infrastructure.Downloads;
using NeuralCapacitance.Infrastructure.History;
using NeuralCapacitance.Infrastructure.Postgres;
using NeuralCapacitance.Infrastructure.Queue;
using NeuralCapacitance.Infrastructure.Retention;
using NeuralCapacitance.Infrastructure.Storage;
using NeuralCapacitance.Infrastructure.Uploads;
using NeuralCapacitance.Infrastructure.Webhooks;
using NeuralCapacitance.Infrastructure.Workload;

namespace NeuralCapacitance.Infrastructure.Tests;

public sealed class OptionsTests
{
    [Fact]
    public void Every_fault_of_the_queue_is_reported_at_once()
    {
        var options = Bind<QueueOptions>(("Queue:CheckInInterval", "00:00:00"), ("Queue:CheckInGrace", "2.00:00:00"), ("Queue:ServerTimeout", "2.00:00:00"));
        var failure = Should.Throw<OptionsValidationException>(() => options.Value);
        failure.Failures.ShouldBe(
        [
            "Queue:CheckInInterval is 00:00:00; accepted is 00:00:00.1000000 … 01:00:00.",
            "Queue:CheckInGrace is 2.00:00:00; accepted is 00:00:00.1000000 … 01:00:00.",
            "Queue:ServerTimeout is 2.00:00:00; accepted is 00:00:00.1000000 … 01:00:00.",
        ]);
    }

    [Fact]
    public void Every_fault_of_the_storage_is_reported_at_once()
    {
        var options = Bind<StorageOptions>(("Storage:Root", " "), ("Storage:DataRoots:0", "/"), ("Storage:DataRoots:1", "/no/such/folder"));
        var failure = Should.Throw<OptionsValidationException>(() => options.Value);
        failure.Failures.ShouldBe(
        [
            "Storage:Root is empty; give a folder that the service may write to.",
            "Storage:DataRoots:1 '/no/such/folder' is no folder; give the path of an existing one.",
        ]);
    }

    [Fact]
    public void Every_fault_of_the_downloads_is_reported_at_once()
    {
        var options = Bind<DownloadOptions>(("Downloads:MaxAttempts", "0"), ("Downloads:RetryPause", "-00:00:01"), ("Downloads:StallTimeout", "00:00:00"));
        var failure = Should.Throw<OptionsValidationException>(() => options.Value);
        failure.Failures.ShouldBe(
        [
            "Downloads:MaxAttempts is 0; accepted is 1 … 100.",
            "Downloads:RetryPause is -00:00:01; accepted is 00:00:00 … 01:00:00.",
            "Downloads:StallTimeout is 00:00:00; accepted is 00:00:01 … 01:00:00.",
        ]);
    }

    [Fact]
    public void Every_fault_of_the_uploads_is_reported_at_once()
    {
        var options = Bind<UploadOptions>(
            ("Uploads:MaxBytes", "0"), ("Uploads:MaxFiles", "-1"), ("Uploads:KeepFreeBytes", "0"), ("Uploads:MinBytesPerSecond", "-1"), ("Uploads:Deadline", "00:00:00"),
            ("Uploads:MaxAtOnce", "0"), ("Uploads:MaxAtOncePerClient", "0"));
        var failure = Should.Throw<OptionsValidationException>(() => options.Value);
        failure.Failures.ShouldBe(
        [
            "Uploads:MaxBytes is 0; accepted is 1 or more.",
            "Uploads:MaxFiles is -1; accepted is 1 or more.",
            "Uploads:MinBytesPerSecond is -1; accepted is 0 or more.",
            "Uploads:Deadline is 00:00:00; accepted is 00:00:01 … 7.00:00:00.",
            "Uploads:MaxAtOnce is 0; accepted is 1 or more.",
            "Uploads:MaxAtOncePerClient is 0; accepted is 1 or more.",
        ]);
    }

    [Theory]
    [InlineData("4")]
    [InlineData("1001")]
    public void A_pool_of_too_few_or_too_many_connections_is_refused(string size)
    {
        var options = Bind<DatabaseOptions>(("Database:MaxPoolSize", size));
        Should.Throw<OptionsValidationException>(() => options.Value).Failures.ShouldBe([$"Database:MaxPoolSize is {size}; accepted is 5 … 1000."]);
    }

    [Fact]
    public void Every_fault_of_the_rankings_is_reported_at_once()
    {
        var options = Bind<RankingOptions>(("Ranking:History:0", "no/such.csv"), ("Ranking:Predictions", "-1"), ("Ranking:MaxWaiting", "10001"));
        var failure = Should.Throw<OptionsValidationException>(() => options.Value);
        failure.Failures.ShouldBe(
        [
            "Ranking:History:0 'no/such.csv' is no file; give the path of a CSV of curves.",
            "Ranking:Predictions is -1; accepted is 0 … 1024, 0 for half of the cores.",
            "Ranking:MaxWaiting is 10001; accepted is 0 … 10000.",
        ]);
    }

    [Fact]
    public void Every_fault_of_the_retention_is_reported_at_once()
    {
        var options = Bind<RetentionOptions>(("Retention:JobAge", "00:00:01"), ("Retention:JobCount", "-1"), ("Retention:UploadAge", "30"), ("Retention:AuditAge", "-1"));
        var failure = Should.Throw<OptionsValidationException>(() => options.Value);
        failure.Failures.ShouldBe(
        [
            "Retention:JobAge is 00:00:01; accepted is 00:01:00 or more (90.00:00:00 are 90 days), or nothing for no limit.",
            "Retention:JobCount is -1; accepted is 0 or more, or nothing for no limit.",
            "Retention:AuditAge is -1.00:00:00; accepted is 00:01:00 or more (90.00:00:00 are 90 days), or nothing for no limit.",
        ]);
    }

    [Fact]
    public void Every_fault_of_the_webhooks_is_reported_at_once()
    {
        var options = Bind<WebhookOptions>(
            ("Webhooks:Allow:0", "10.0.0.0/8"), ("Webhooks:Allow:1", "10.0.0.0/40"), ("Webhooks:Allow:2", "no host!"), ("Webhooks:Timeout", "00:02:00"), ("Webhooks:Concurrency", "0"),
            ("Webhooks:PublicUrl", "ncp.example.org"), ("Webhooks:Proxy", "socks5://proxy:1080"));
        var failure = Should.Throw<OptionsValidationException>(() => options.Value);
        failure.Failures.ShouldBe(
        [
            "Webhooks:Allow:1 '10.0.0.0/40' is no address; accepted is an address (10.1.2.3), a network (10.1.0.0/16) or a host name (hooks.internal).",
            "Webhooks:Allow:2 'no host!' is no address; accepted is an address (10.1.2.3), a network (10.1.0.0/16) or a host name (hooks.internal).",
            "Webhooks:Timeout is 00:02:00; accepted is 00:00:00.1000000 … 00:01:00.",
            "Webhooks:Concurrency is 0; accepted is 1 … 64.",
            "Webhooks:PublicUrl 'ncp.example.org' is no URL; accepted is one that begins with http:// or https://, or nothing.",
            "Webhooks:Proxy 'socks5://proxy:1080' is no URL; accepted is one that begins with http:// or https://, or nothing.",
        ]);
    }

    [Fact]
    public void A_fault_of_the_telemetry_is_reported()
        => Should.Throw<OptionsValidationException>(() => Bind<TelemetryOptions>(("Telemetry:SampleInterval", "00:00:00")).Value)
            .Failures.ShouldBe(["Telemetry:SampleInterval is 00:00:00; accepted is 00:00:01 … 00:10:00."]);

    [Fact]
    public void Standard_settings_are_valid()
    {
        Bind<RetentionOptions>().Value.JobAge.ShouldBeNull();
        Bind<QueueOptions>().Value.CheckInInterval.ShouldBe(TimeSpan.FromSeconds(10));
        Bind<DownloadOptions>().Value.Offline.ShouldBeFalse();
        Bind<UploadOptions>().Value.MaxFiles.ShouldBe(500_000);
        Bind<StorageOptions>().Value.Root.ShouldBe(".data");
    }

    private static IOptions<T> Bind<T>(params (string Key, string Value)[] settings) where T : class
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value))).Build();
        return new ServiceCollection().AddInfrastructure(configuration).AddHousekeeping(configuration).BuildServiceProvider().GetRequiredService<IOptions<T>>();
    }
}
