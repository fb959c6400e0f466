using System.Text.Json;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Notifications;
using NeuralCapacitance.Domain.Tests.Jobs;

namespace NeuralCapacitance.Domain.Tests.Notifications;

public sealed class NotifyReaderTests
{
    private const string Spec = """ "dataset": { "name": "image-folder", "path": "birds" }, "candidates": ["resnet50", "vgg16"] """;

    [Fact]
    public void A_spec_names_receivers_and_its_finalizations_keep_them()
    {
        var spec = Read("""[{ "url": "https://hooks.example.org/a?b=c", "events": ["job.succeeded", "JOB.FAILED", "job.failed"] }, { "url": "http://8.8.8.8" }]""").Spec.ShouldNotBeNull();

        spec.Notify!.Select(receiver => receiver.Url).ShouldBe(["https://hooks.example.org/a?b=c", "http://8.8.8.8/"]);
        spec.Notify![0].Events.ShouldBe(["job.succeeded", "job.failed"]);
        spec.Notify![1].Events.ShouldBe(JobEvents.All);
        JobSpecJson.Parse(JobSpecJson.Write(spec)).Notify!.Select(receiver => receiver.Url).ShouldBe(spec.Notify!.Select(receiver => receiver.Url));
        new Domain.Finalizations.FinalizeSpec().For(spec, spec.Candidates[0]).Notify.ShouldBe(spec.Notify);
    }

    [Fact]
    public void Without_it_nobody_is_told_and_an_empty_list_says_so()
    {
        Read("null").Spec.ShouldNotBeNull().Notify.ShouldBeNull();
        Read("[]").Spec.ShouldNotBeNull().Notify.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("\"https://a.example\"", "notify", "is a text")]
    [InlineData("[\"https://a.example\"]", "notify[0]", "is a text")]
    [InlineData("[{}]", "notify[0].url", "is missing")]
    [InlineData("""[{ "url": 7 }]""", "notify[0].url", "is a number")]
    [InlineData("""[{ "url": "hooks.example.org/a" }]""", "notify[0].url", "is no absolute URL")]
    [InlineData("""[{ "url": "ftp://hooks.example.org/a" }]""", "notify[0].url", "begins with ftp:")]
    [InlineData("""[{ "url": "file:///etc/passwd" }]""", "notify[0].url", "is no absolute URL")]
    [InlineData("""[{ "url": "https://user:secret@hooks.example.org/" }]""", "notify[0].url", "holds a user or a password; the signature tells the receiver who sends")]
    [InlineData("""[{ "url": "https://hooks.example.org/#a" }]""", "notify[0].url", "holds a fragment (#…), which is never sent")]
    [InlineData("""[{ "url": "https://10.0.0.1/" }]""", "notify[0].url", "is refused here")]
    [InlineData("""[{ "url": "https://a.example", "events": "job.failed" }]""", "notify[0].events", "is a text")]
    [InlineData("""[{ "url": "https://a.example", "events": [] }]""", "notify[0].events", "has 0 events")]
    [InlineData("""[{ "url": "https://a.example", "events": ["job.suceeded"] }]""", "notify[0].events[0]", "is no event; did you mean job.succeeded or job.failed or job.started?")]
    [InlineData("""[{ "url": "https://a.example", "event": ["job.failed"] }]""", "notify[0].event", "is no field of a receiver; did you mean events?")]
    public void What_is_wrong_is_told_with_its_place(string notify, string path, string problem)
    {
        var result = Read(notify);

        result.Spec.ShouldBeNull();
        var fault = result.Faults.ShouldHaveSingleItem();
        (fault.Path, fault.Problem).ShouldBe((path, problem));
        fault.Accepted.ShouldNotBeNullOrWhiteSpace();
        (fault.Value ?? "").ShouldNotContain("secret");
    }

    [Fact]
    public void More_than_ten_are_refused_as_one()
    {
        var fault = Read("[" + string.Join(',', Enumerable.Repeat("""{ "url": "nonsense" }""", 11)) + "]").Faults.ShouldHaveSingleItem();

        (fault.Path, fault.Problem).ShouldBe(("notify", "has 11 receivers"));
    }

    [Fact]
    public void The_list_of_an_owner_is_read_by_the_same_rules()
    {
        NotifyReader.Read("""{ "notify": [{ "url": "https://a.example/", "events": ["job.failed"] }] }""", policy: null).Notify.ShouldNotBeNull().ShouldHaveSingleItem().Events.ShouldBe(["job.failed"]);
        NotifyReader.Read("""{ "notify": [] }""", policy: null).Notify.ShouldNotBeNull().ShouldBeEmpty();
        NotifyReader.Read("""{ "notifies": [] }""", policy: null).Faults.ShouldHaveSingleItem().Problem.ShouldBe("is no field of the settings of webhooks");
        NotifyReader.Read("nonsense", policy: null).Faults.ShouldHaveSingleItem().Path.ShouldBe("$");
        NotifyReader.Read("[]", policy: null).Faults.ShouldHaveSingleItem().Problem.ShouldBe("is a list");
    }

    [Fact]
    public void Each_end_of_a_job_and_of_a_finalization_has_its_event_and_nothing_else_has()
    {
        var events = from isFinalization in new[] { false, true }
                     from state in Enum.GetValues<JobState>()
                     let known = JobEvents.Of(state, isFinalization)
                     where known is not null
                     select known;

        events.ShouldBe(JobEvents.All, ignoreOrder: true);
        JobEvents.Of(JobState.Queued, isFinalization: false).ShouldBeNull();
        JobEvents.Of(JobState.Cancelling, isFinalization: false).ShouldBeNull();
    }

    private static JobSpecResult Read(string notify)
        => new JobSpecReader(new FewBackbones(), new FewDatasets(), new OneWeightsFile(), receivers: new NoPrivateOnes()).Read($$"""{ {{Spec}}, "notify": {{notify}} }""");

    private sealed class NoPrivateOnes : IReceiverPolicy
    {
        public string? WhyRefused(Uri url) => url.Host.StartsWith("10.", StringComparison.Ordinal) ? "is refused here" : null;
    }
}
