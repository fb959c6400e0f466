using System.Security.Claims;
using NeuralCapacitance.Api.Access;
using NeuralCapacitance.Domain.Access;

namespace NeuralCapacitance.Api.Tests.Access;

public sealed class TokenCallerTests
{
    [Theory]
    [InlineData("roles", "submit", Role.Submit)]
    [InlineData("roles", "read,operate", Role.Operate)]
    [InlineData("roles", "ADMIN", Role.Admin)]
    [InlineData("scope", "openid profile submit", Role.Submit)]
    [InlineData("roles", "root", null)]
    [InlineData("roles", "", null)]
    public void Without_a_map_the_issuers_words_are_the_roles_own(string claim, string words, Role? expected)
        => Of(new JwtOptions { RoleClaim = claim }, [.. words.Split(',').Select(word => (claim, word))])?.Role.ShouldBe(expected!.Value);

    [Fact]
    public void With_a_map_only_its_words_count()
    {
        var options = new JwtOptions();
        options.Roles["Data Scientists"] = Role.Submit;

        Of(options, ("roles", "Data Scientists"))!.Role.ShouldBe(Role.Submit);
        Of(options, ("roles", "data scientists"))!.Role.ShouldBe(Role.Submit);
        Of(options, ("roles", "admin")).ShouldBeNull();
    }

    [Theory]
    [InlineData("""{ "roles": ["offline_access", "operate"] }""", Role.Operate)]
    [InlineData("""{ "roles": "read" }""", Role.Read)]
    [InlineData("""{ "roles": { "operate": true } }""", null)]
    [InlineData("""{ "others": ["operate"] }""", null)]
    [InlineData("operate", null)]
    public void A_path_leads_into_a_claim_that_is_an_object(string json, Role? expected)
        => Of(new JwtOptions { RoleClaim = "realm_access.roles" }, ("realm_access", json))?.Role.ShouldBe(expected!.Value);

    [Fact]
    public void Who_has_no_role_gets_the_standard_one_or_is_told_why_not()
    {
        Of(new JwtOptions { DefaultRole = Role.Read })!.Role.ShouldBe(Role.Read);
        var principal = TokenCaller.Of(Principal(("sub", "alice")), new JwtOptions(), "test").ShouldNotBeNull();
        principal.ToCaller().ShouldBeNull();
        principal.WhyWithoutRole()!.ShouldContain("`roles`");
    }

    [Fact]
    public void The_owner_is_the_subject_and_the_name_is_shown()
    {
        Of(new JwtOptions(), ("roles", "read"), ("name", "Alice\r\nB.")).ShouldBe(new("user:alice", "AliceB.", Role.Read));
        Of(new JwtOptions(), ("roles", "read"))!.Name.ShouldBe("alice");
        Of(new JwtOptions { OwnerClaim = "oid" }, ("roles", "read"), ("oid", "42"))!.Owner.ShouldBe("user:42");
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\nb")]
    public void A_token_of_nobody_is_nobodys(string subject) => TokenCaller.Of(Principal(("sub", subject), ("roles", "admin")), new JwtOptions(), "test").ShouldBeNull();

    private static Caller? Of(JwtOptions options, params (string Type, string Value)[] claims)
        => TokenCaller.Of(Principal([("sub", "alice"), .. claims]), options, "test").ShouldNotBeNull().ToCaller();

    private static ClaimsPrincipal Principal(params (string Type, string Value)[] claims) => new(new ClaimsIdentity([.. claims.Select(claim => new Claim(claim.Type, claim.Value))], "test"));
}
