using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Infrastructure.Webhooks;

namespace NeuralCapacitance.Infrastructure.Tests.Webhooks;

public sealed class WebhookRuleTests
{
    public sealed record Golden(string Secret, string Id, long Timestamp, string Body, string Signature);

    [Fact]
    public void Signatures_are_those_that_Python_makes()
    {
        var goldens = JsonSerializer.Deserialize<Golden[]>(File.ReadAllText("Goldens/webhooks.json"), JsonSerializerOptions.Web)!;

        goldens.Length.ShouldBeGreaterThan(5);
        foreach (var golden in goldens) WebhookSignature.Of(golden.Id, golden.Timestamp, golden.Body, [golden.Secret]).ShouldBe(golden.Signature);
    }

    [Fact]
    public void Two_secrets_make_two_signatures()
    {
        var (one, two) = (WebhookSignature.CreateSecret(), WebhookSignature.CreateSecret());

        WebhookSignature.Of("msg_1", 1, "{}", [one, two])
            .ShouldBe($"{WebhookSignature.Of("msg_1", 1, "{}", [one])} {WebhookSignature.Of("msg_1", 1, "{}", [two])}");
        Convert.FromBase64String(one["whsec_".Length..]).Length.ShouldBe(32);
        one.ShouldNotBe(two);
    }

    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("93.184.216.34", true)]
    [InlineData("2606:2800:220:1:248:1893:25c8:1946", true)]
    [InlineData("::ffff:8.8.8.8", true)]
    [InlineData("0.0.0.0", false)]
    [InlineData("0.1.2.3", false)]
    [InlineData("10.0.0.1", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("100.100.100.200", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("127.255.255.254", false)]
    [InlineData("168.63.129.16", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("172.16.0.1", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("172.32.0.1", true)]
    [InlineData("192.0.0.192", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("198.18.0.1", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::", false)]
    [InlineData("::1", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("::127.0.0.1", false)]
    [InlineData("64:ff9b::7f00:1", false)]
    [InlineData("2002:7f00:1::", false)]
    [InlineData("2001:0:7f00:1::", false)]
    [InlineData("2001:db8::1", false)]
    [InlineData("fc00::1", false)]
    [InlineData("fd00:ec2::254", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fe80::1%2", false)]
    [InlineData("ff02::1", false)]
    public void Only_public_addresses_are_sent_to(string address, bool isPublic) => AddressPolicy.IsPublic(IPAddress.Parse(address)).ShouldBe(isPublic);

    [Theory]
    [InlineData("http://127.0.0.1/", "is no public address")]
    [InlineData("http://127.1/", "is no public address")]
    [InlineData("http://2130706433/", "is no public address")]
    [InlineData("http://0x7f000001/", "is no public address")]
    [InlineData("http://[::1]/", "is no public address")]
    [InlineData("http://[::ffff:169.254.169.254]/", "is no public address")]
    [InlineData("http://localhost:8080/", "is the service's own machine")]
    [InlineData("https://8.8.8.8/", null)]
    [InlineData("https://hooks.example.org/", null)]
    [InlineData("https://10.1.2.3/", null)]
    [InlineData("https://10.2.2.3/", "is no public address")]
    [InlineData("https://192.168.7.7/", null)]
    public void An_address_in_a_URL_is_refused_as_it_is_written(string url, string? reason)
        => PolicyOf("10.1.0.0/16", "192.168.7.7", "Hooks.Internal").WhyRefused(new Uri(url)).ShouldBe(reason);

    [Fact]
    public void What_is_allowed_is_sent_to_by_name_by_address_and_by_network()
    {
        var policy = PolicyOf("10.1.0.0/16", "192.168.7.7", "Hooks.Internal");

        policy.MaySendTo("hooks.internal", IPAddress.Loopback).ShouldBeTrue();
        policy.MaySendTo("other.internal", IPAddress.Loopback).ShouldBeFalse();
        policy.MaySendTo("other.internal", IPAddress.Parse("::ffff:10.1.9.9")).ShouldBeTrue();
        policy.MaySendTo("other.internal", IPAddress.Parse("10.2.0.1")).ShouldBeFalse();
    }

    [Fact]
    public void A_failed_delivery_is_tried_for_a_day_with_growing_pauses()
    {
        var delivery = Guid.CreateVersion7();
        var pauses = Enumerable.Range(1, WebhookBackoff.MostTries).Select(tries => WebhookBackoff.After(tries, delivery)).ToList();

        pauses[^1].ShouldBeNull();
        pauses[0]!.Value.TotalSeconds.ShouldBeInRange(4, 6);
        pauses[1]!.Value.TotalMinutes.ShouldBeInRange(0.8, 1.2);
        TimeSpan.FromTicks(pauses.SkipLast(1).Sum(pause => pause!.Value.Ticks)).TotalHours.ShouldBeInRange(19, 29);
        pauses.ShouldBe(Enumerable.Range(1, WebhookBackoff.MostTries).Select(tries => WebhookBackoff.After(tries, delivery)));
        Enumerable.Range(0, 200).Select(_ => WebhookBackoff.After(1, Guid.CreateVersion7())!.Value).Distinct().Count().ShouldBeGreaterThan(20);
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("two\r\nlines\tand\u001b[31m colour", "two lines and [31m colour")]
    [InlineData("turned \u202eround\u2028", "turned round")]
    [InlineData("  \0 ", "")]
    public void What_a_receiver_says_is_one_line_without_control_characters(string said, string kept) => AnswerText.Of(said).ShouldBe(kept);

    [Fact]
    public void What_a_receiver_says_is_cut_between_characters()
    {
        var kept = AnswerText.Of(new string('x', 199) + "🐦🐦🐦");

        kept.ShouldEndWith("🐦…");
        kept.Length.ShouldBeLessThan(210);
    }

    private static AddressPolicy PolicyOf(params string[] allow) => new(Options.Create(new WebhookOptions { Allow = allow }));
}
