using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using NeuralCapacitance.Api.Keys;
using NeuralCapacitance.Api.Tests.Access;
using NeuralCapacitance.Domain.Access;

namespace NeuralCapacitance.Api.Tests.Keys;

public sealed class KeyEndpointsTests(LockedService service) : IClassFixture<LockedService>
{
    private const string Address = "/api/v1/keys";

    [Fact]
    public async Task A_key_is_made_shown_once_used_and_listed_without_its_secret()
    {
        using var made = await service.SendAsync(HttpMethod.Post, Address, service.Admin, """{ "name": "made", "role": "submit", "expires": "90d" }""");

        made.StatusCode.ShouldBe(HttpStatusCode.Created);
        made.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var answer = (await made.Content.ReadFromJsonAsync<NewKeyResponse>(ServiceFixture.Json))!;
        answer.Secret.ShouldStartWith("nck_");
        (answer.Key.Name, answer.Key.Role, answer.Key.State).ShouldBe(("made", Role.Submit, KeyState.Live));
        (answer.Key.ExpiresAt - answer.Key.CreatedAt)!.Value.TotalDays.ShouldBe(90, tolerance: 0.01);
        (await service.SendAsync(HttpMethod.Get, "/api/v1/jobs", answer.Secret)).StatusCode.ShouldBe(HttpStatusCode.OK);

        using var listed = await service.SendAsync(HttpMethod.Get, Address, service.Admin);
        var text = await listed.Content.ReadAsStringAsync();
        text.ShouldNotContain(answer.Secret);
        JsonSerializer.Deserialize<KeyList>(text, ServiceFixture.Json)!.Items.Single(key => key.Name == "made").LastUsedAt.ShouldNotBeNull();
    }

    [Theory]
    [InlineData(Role.Read)]
    [InlineData(Role.Submit)]
    [InlineData(Role.Operate)]
    public async Task Only_who_administers_may_see_or_change_keys(Role role)
    {
        var secret = await service.KeyAsync($"curious-{role}", role);

        foreach (var (method, path) in new[] { (HttpMethod.Get, Address), (HttpMethod.Post, Address), (HttpMethod.Post, $"{Address}/root/rotate"), (HttpMethod.Delete, $"{Address}/root") })
        {
            using var answer = await service.SendAsync(method, path, secret);
            (await answer.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "not-permitted")).GetProperty("detail").GetString()!.ShouldContain("takes `admin`");
        }
    }

    [Fact]
    public async Task A_rotated_key_has_a_new_secret_and_for_a_while_the_old_one()
    {
        var old = await service.KeyAsync("rotated", Role.Read);

        var kept = await RotateAsync("""{ "overlap": "24h" }""");
        kept.Key.PreviousUntil.ShouldNotBeNull();
        (await StatusAsync(old)).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(kept.Secret)).ShouldBe(HttpStatusCode.OK);

        var last = await RotateAsync(json: null);
        (await StatusAsync(kept.Secret)).ShouldBe(HttpStatusCode.Unauthorized, "the node that rotated a key forgets what it knew of it at once");
        (await StatusAsync(last.Secret)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_revoked_key_is_refused_at_once()
    {
        var secret = await service.KeyAsync("revoked", Role.Read);
        (await StatusAsync(secret)).ShouldBe(HttpStatusCode.OK);

        (await service.SendAsync(HttpMethod.Delete, $"{Address}/revoked", service.Admin)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        (await StatusAsync(secret)).ShouldBe(HttpStatusCode.Unauthorized);
        using var again = await service.SendAsync(HttpMethod.Delete, $"{Address}/revoked", service.Admin);
        await again.ShouldBeProblemAsync(HttpStatusCode.NotFound, "key-not-found");
        using var rotated = await service.SendAsync(HttpMethod.Post, $"{Address}/revoked/rotate", service.Admin);
        await rotated.ShouldBeProblemAsync(HttpStatusCode.NotFound, "key-not-found");
    }

    [Fact]
    public async Task Faults_are_told_all_at_once()
    {
        using var faulty = await service.SendAsync(HttpMethod.Post, Address, service.Admin, """{ "name": "no name", "role": "root", "expires": "soon" }""");
        (await faulty.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-key")).Paths().ShouldBe(["name", "role", "expires"]);

        using var overlap = await service.SendAsync(HttpMethod.Post, $"{Address}/root/rotate", service.Admin, """{ "overlap": "99d" }""");
        (await overlap.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-key")).Paths().ShouldBe(["overlap"]);

        using var noJson = await service.SendAsync(HttpMethod.Post, Address, service.Admin, "{");
        await noJson.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "malformed-json");

        using var taken = await service.SendAsync(HttpMethod.Post, Address, service.Admin, """{ "name": "root", "role": "read" }""");
        (await taken.ShouldBeProblemAsync(HttpStatusCode.Conflict, "key-exists")).GetProperty("detail").GetString()!.ShouldContain("'root'");
    }

    private async Task<NewKeyResponse> RotateAsync(string? json)
    {
        using var answer = await service.SendAsync(HttpMethod.Post, $"{Address}/rotated/rotate", service.Admin, json);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        return (await answer.Content.ReadFromJsonAsync<NewKeyResponse>(ServiceFixture.Json))!;
    }

    private async Task<HttpStatusCode> StatusAsync(string secret) => (await service.SendAsync(HttpMethod.Get, "/api/v1/jobs", secret)).StatusCode;
}
