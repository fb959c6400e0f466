using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using NeuralCapacitance.Api.Access;
using NeuralCapacitance.Domain.Access;
using NeuralCapacitance.Worker.Settings;

namespace NeuralCapacitance.Api.Tests.Access;

public sealed class AccessOptionsTests
{
    [Fact]
    public void Every_fault_of_the_access_is_told_at_once() => new AccessOptionsValidator()
        .Validate(null, new AccessOptions { Isolation = (Isolation)7, SessionLifetime = TimeSpan.Zero, FailuresPerMinute = 0 }).Failures.ShouldBe(
        [
            "Auth:Isolation is 7; accepted is team, owner.",
            "Auth:SessionLifetime is 00:00:00; accepted is 00:01:00 … 30.00:00:00.",
            "Auth:FailuresPerMinute is 0; accepted is 1 … 1000000.",
        ]);

    [Fact]
    public void Standard_settings_are_valid()
    {
        new AccessOptionsValidator().Validate(null, new()).Succeeded.ShouldBeTrue();
        new JwtOptionsValidator().Validate(null, new()).Succeeded.ShouldBeTrue();
        new JwtOptions().IsConfigured.ShouldBeFalse();
    }

    [Theory]
    [InlineData("https://sign-on.example.org/realms/main", true)]
    [InlineData("http://127.0.0.1:9000", true)]
    [InlineData("http://[::1]:9000", true)]
    [InlineData("http://localhost:9000", true)]
    [InlineData("http://sign-on.example.org", false)]
    [InlineData("http://127.0.0.1.example.org", false)]
    [InlineData("sign-on.example.org", false)]
    [InlineData("ftp://sign-on.example.org", false)]
    public void An_issuer_is_reached_by_HTTPS_unless_it_is_on_this_machine(string authority, bool accepted)
        => new JwtOptionsValidator().Validate(null, new JwtOptions { Authority = authority, Audience = "nc" }).Succeeded.ShouldBe(accepted);

    [Fact]
    public void Every_fault_of_the_issuer_is_told_at_once()
    {
        var options = new JwtOptions { Authority = "http://sign-on.example.org", OwnerClaim = "", NameClaim = " ", RoleClaim = "", DefaultRole = (Role)9 };
        options.Roles["Data Scientists"] = (Role)8;

        var failures = new JwtOptionsValidator().Validate(null, options).Failures!.ToList();

        failures.Select(failure => failure.Split(' ')[0]).ShouldBe(
            ["Auth:Jwt:Authority", "Auth:Jwt:Audience", "Auth:Jwt:OwnerClaim", "Auth:Jwt:NameClaim", "Auth:Jwt:RoleClaim", "Auth:Jwt:Roles:Data", "Auth:Jwt:DefaultRole"]);
        failures[^1].ShouldContain("read, submit, operate, admin");
    }

    [Fact]
    public void Settings_of_an_issuer_without_its_address_are_a_fault()
        => new JwtOptionsValidator().Validate(null, new JwtOptions { Audience = "nc" }).Failures!.ShouldHaveSingleItem().ShouldStartWith("Auth:Jwt:Authority is missing");

    [Fact]
    public void What_is_misspelt_or_of_a_wrong_type_is_told_with_the_rest()
    {
        using var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection(
        [
            KeyValuePair.Create("Auth:Isolation", (string?)"none"), KeyValuePair.Create("Auth:Jwt:Authority", (string?)"https://sign-on.example.org"), KeyValuePair.Create("Auth:Jwt:Audiense", (string?)"nc"),
            KeyValuePair.Create("Auth:Jwt:Roles:ops", (string?)"root"),
        ]);
        var review = SettingsReview.Begin(configuration, typeof(AccessOptions).Assembly);

        using var services = new ServiceCollection().BuildServiceProvider();
        Should.Throw<SettingsException>(() => review.End(services)).Faults.ShouldBe(
        [
            "Auth:Isolation is 'none'; accepted is team, owner.",
            "Auth:Jwt:Audiense is no setting; did you mean Auth:Jwt:Audience?",
            "Auth:Jwt:Roles:ops is 'root'; accepted is read, submit, operate, admin.",
        ], ignoreOrder: true);
    }

    [Fact]
    public void The_issuers_words_are_read_from_the_settings()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
        [
            KeyValuePair.Create("Auth:Jwt:Authority", (string?)"https://sign-on.example.org"), KeyValuePair.Create("Auth:Jwt:Roles:Data Scientists", (string?)"submit"),
            KeyValuePair.Create("Auth:Jwt:Roles:ops", (string?)"OPERATE"), KeyValuePair.Create("Auth:Jwt:DefaultRole", (string?)"read"),
        ]).Build();

        var options = configuration.GetSection(JwtOptions.Section).Get<JwtOptions>()!;

        options.Roles.ShouldBe(new Dictionary<string, Role> { ["Data Scientists"] = Role.Submit, ["ops"] = Role.Operate }, ignoreOrder: true);
        options.DefaultRole.ShouldBe(Role.Read);
    }
}
