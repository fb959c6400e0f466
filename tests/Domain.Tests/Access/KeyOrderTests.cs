using NeuralCapacitance.Domain.Access;

namespace NeuralCapacitance.Domain.Tests.Access;

public sealed class KeyOrderTests
{
    [Theory]
    [InlineData("45s", 45)]
    [InlineData("30m", 1800)]
    [InlineData("24h", 86_400)]
    [InlineData("90d", 7_776_000)]
    [InlineData("0s", 0)]
    [InlineData("1000000d", 86_400e6)]
    public void A_duration_is_a_number_and_a_unit(string text, double seconds)
    {
        DurationText.TryParse(text, out var duration).ShouldBeTrue();
        duration.TotalSeconds.ShouldBe(seconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("d")]
    [InlineData("90")]
    [InlineData("-1d")]
    [InlineData("+1d")]
    [InlineData("1.5h")]
    [InlineData("1 h")]
    [InlineData("9y")]
    [InlineData("2147483647d")]
    [InlineData("99999999999s")]
    public void Anything_else_is_no_duration(string text) => DurationText.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void A_key_is_read()
    {
        var (order, faults) = KeyOrderReader.ReadNew("""{ "name": "ci", "role": "Submit", "expires": "90d" }""");

        faults.ShouldBeEmpty();
        order.ShouldBe(new("ci", Role.Submit, TimeSpan.FromDays(90)));
        KeyOrderReader.ReadNew("""{ "name": "ci", "role": "read", "expires": null }""").Order.Expires.ShouldBeNull();
    }

    [Fact]
    public void Every_fault_of_a_key_is_told_at_once()
    {
        var (_, faults) = KeyOrderReader.ReadNew("""{ "name": "no name", "role": "root", "expires": "5s", "rolle": 1 }""");

        faults.Select(fault => fault.Path).ShouldBe(["name", "role", "expires", "rolle"]);
        faults[1].Accepted.ShouldBe("read, submit, operate, admin");
        KeyOrderReader.ReadNew("{}").Faults.Select(fault => (fault.Path, fault.Problem)).ShouldBe([("name", "is missing"), ("role", "is missing")]);
        KeyOrderReader.ReadNew("""{ "name": "\ud800", "role": "read" }""").Faults.ShouldHaveSingleItem().Path.ShouldBe("$");
        KeyOrderReader.ReadNew("[]").Faults.ShouldHaveSingleItem().Path.ShouldBe("$");
    }

    [Theory]
    [InlineData("{}", 0, true)]
    [InlineData("""{ "overlap": "24h" }""", 24, true)]
    [InlineData("""{ "overlap": "31d" }""", 0, false)]
    [InlineData("""{ "overlap": 24 }""", 0, false)]
    public void A_rotation_may_say_how_long_the_old_secret_stays(string json, int hours, bool accepted)
    {
        var (overlap, faults) = KeyOrderReader.ReadRotation(json);

        (faults.Count == 0).ShouldBe(accepted);
        if (accepted) overlap.ShouldBe(TimeSpan.FromHours(hours));
    }

    [Fact]
    public void No_fault_of_a_secret_repeats_it()
    {
        KeyOrderReader.ReadSecret("""{ "key": " nck_secret " }""").Order.ShouldBe("nck_secret");
        KeyOrderReader.ReadSecret($$"""{ "key": "nck_{{new string('s', 300)}}" }""").Faults.ShouldHaveSingleItem().Value.ShouldBeNull();
        KeyOrderReader.ReadSecret("{}").Faults.ShouldHaveSingleItem().Path.ShouldBe("key");
    }
}
