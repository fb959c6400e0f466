using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using NeuralCapacitance.Api.Access;
using NeuralCapacitance.Domain.Access;

namespace NeuralCapacitance.Api.Tests.Access;

public sealed class FailedAttemptsTests
{
    private static readonly IPAddress Here = IPAddress.Parse("192.0.2.1");

    private readonly FakeTimeProvider _clock = new();
    private readonly FailedAttempts _failures;

    public FailedAttemptsTests() => _failures = new(Options.Create(new AccessOptions { FailuresPerMinute = 3 }), _clock, NullLogger<FailedAttempts>.Instance);

    [Fact]
    public void Who_is_wrong_too_often_waits_until_the_minute_is_over()
    {
        Fail(Here, 2);
        _failures.WaitFor(Here).ShouldBeNull();
        _clock.Advance(TimeSpan.FromSeconds(20));

        Fail(Here, 1);

        _failures.WaitFor(Here).ShouldBe(TimeSpan.FromSeconds(40));
        _clock.Advance(TimeSpan.FromSeconds(39));
        _failures.WaitFor(Here).ShouldBe(TimeSpan.FromSeconds(1));
        _clock.Advance(TimeSpan.FromSeconds(1));
        _failures.WaitFor(Here).ShouldBeNull();
        Fail(Here, 1);
        _failures.WaitFor(Here).ShouldBeNull("a new minute begins at nothing");
    }

    [Theory]
    [InlineData("192.0.2.2", false)]
    [InlineData("::ffff:192.0.2.1", true)]
    [InlineData("2001:db8::1", false)]
    public void Others_do_not_wait(string other, bool waits)
    {
        Fail(Here, 3);

        (_failures.WaitFor(IPAddress.Parse(other)) is not null).ShouldBe(waits);
        _failures.WaitFor(null).ShouldBeNull();
    }

    [Fact]
    public void A_network_of_IPv6_counts_as_one_address()
    {
        Fail(IPAddress.Parse("2001:db8:0:1::1"), 2);
        Fail(IPAddress.Parse("2001:db8:0:1:ffff::2"), 1);

        _failures.WaitFor(IPAddress.Parse("2001:db8:0:1:1234::3")).ShouldNotBeNull();
        _failures.WaitFor(IPAddress.Parse("2001:db8:0:2::1")).ShouldBeNull();
    }

    [Fact]
    public async Task After_too_many_wrong_keys_unknown_ones_are_refused_and_known_ones_are_not()
    {
        var service = new LockedService(("Auth:FailuresPerMinute", "2"));
        await service.InitializeAsync();
        try
        {
            var (early, late) = (await service.KeyAsync("early", Role.Read), await service.KeyAsync("late", Role.Read));
            (await service.SendAsync(HttpMethod.Get, "/api/v1/jobs", early)).StatusCode.ShouldBe(HttpStatusCode.OK);
            for (var wrong = 0; wrong < 2; wrong++) (await service.SendAsync(HttpMethod.Get, "/api/v1/jobs", "nck_wrong")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

            using var refused = await service.SendAsync(HttpMethod.Get, "/api/v1/jobs", late);
            await refused.ShouldBeProblemAsync(HttpStatusCode.TooManyRequests, "too-many-failures");
            refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeInRange(1, 60);
            using var session = await service.SendAsync(HttpMethod.Post, "/api/v1/session", json: $$"""{ "key": "{{late}}" }""");
            await session.ShouldBeProblemAsync(HttpStatusCode.TooManyRequests, "too-many-failures");
            (await service.SendAsync(HttpMethod.Get, "/api/v1/jobs", early)).StatusCode.ShouldBe(HttpStatusCode.OK);
            (await service.SendAsync(HttpMethod.Get, "/health/live", "nck_wrong")).StatusCode.ShouldBe(HttpStatusCode.OK);
        }
        finally
        {
            await service.DisposeAsync();
        }
    }

    private void Fail(IPAddress address, int times)
    {
        for (var i = 0; i < times; i++) _failures.Note(address);
    }
}
