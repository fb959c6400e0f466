using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using NeuralCapacitance.Domain.Access;
using NeuralCapacitance.Infrastructure.Access;
using NeuralCapacitance.Infrastructure.Postgres;
using Npgsql;

namespace NeuralCapacitance.Infrastructure.Tests.Access;

public sealed class ApiKeyStoreTests : IAsyncLifetime
{
    private static readonly Actor Admin = new(new("key:root", "root", Role.Admin), "192.0.2.7");

    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UnixEpoch.AddYears(60));
    private ServiceNode _node = null!;

    private ApiKeyStore Keys => _node.Services.GetRequiredService<ApiKeyStore>();

    private AuditTrail Audit => _node.Services.GetRequiredService<AuditTrail>();

    public async Task InitializeAsync() => _node = await ServiceNode.StartAsync(
        await PostgresFixture.NewDatabaseAsync(), services => services.AddSingleton(provider => new ApiKeyStore(provider.GetRequiredService<IDbContextFactory<ServiceDbContext>>(), _clock)));

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task A_key_is_found_by_its_secret_of_which_only_the_hash_is_stored()
    {
        var (key, secret) = await Keys.CreateAsync("ci", Role.Submit, expiresAt: null, Admin, default);

        (await Keys.FindAsync(secret, default)).ShouldNotBeNull().ToCaller().ShouldBe(new("key:ci", "ci", Role.Submit));
        secret.ShouldStartWith("nck_");
        Convert.FromBase64String(secret["nck_".Length..].Replace('-', '+').Replace('_', '/') + "=").Length.ShouldBe(32);
        await using var stored = _node.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand("SELECT row_to_json(k)::text FROM api_keys k");
        var row = (string)(await stored.ExecuteScalarAsync())!;
        row.ShouldContain(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(secret))));
        row.ShouldNotContain(secret);
        key.Name.ShouldBe("ci");
    }

    [Theory]
    [InlineData("")]
    [InlineData("nck_")]
    [InlineData("nck_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("nck_' OR true --AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task Nobody_is_found_by_what_is_no_secret(string text)
    {
        await Keys.CreateAsync("ci", Role.Submit, expiresAt: null, Admin, default);

        (await Keys.FindAsync(text, default)).ShouldBeNull();
    }

    [Fact]
    public async Task A_key_ends_when_it_expires()
    {
        var (_, secret) = await Keys.CreateAsync("brief", Role.Read, _clock.GetUtcNow().AddDays(1), Admin, default);

        _clock.Advance(TimeSpan.FromDays(1) - TimeSpan.FromSeconds(1));
        (await Keys.FindAsync(secret, default)).ShouldNotBeNull();
        (await Keys.AnyLiveAsync(default)).ShouldBeTrue();
        _clock.Advance(TimeSpan.FromSeconds(1));
        (await Keys.FindAsync(secret, default)).ShouldBeNull();
        (await Keys.AnyLiveAsync(default)).ShouldBeFalse();
        (await Keys.AnyAsync(default)).ShouldBeTrue("nobody is let in without a key because the only one has expired");
    }

    [Fact]
    public async Task A_revoked_key_is_refused_and_its_name_is_free_again()
    {
        var (_, secret) = await Keys.CreateAsync("ci", Role.Submit, expiresAt: null, Admin, default);

        (await Keys.RevokeAsync("ci", Admin, default)).ShouldNotBeNull().RevokedAt.ShouldNotBeNull();
        (await Keys.FindAsync(secret, default)).ShouldBeNull();
        (await Keys.RevokeAsync("ci", Admin, default)).ShouldBeNull();
        (await Keys.RotateAsync("ci", TimeSpan.Zero, Admin, default)).ShouldBeNull();
        var (_, another) = await Keys.CreateAsync("ci", Role.Read, expiresAt: null, Admin, default);
        (await Keys.FindAsync(another, default)).ShouldNotBeNull().Role.ShouldBe(Role.Read);
        (await Keys.ListAsync(default)).Select(key => (key.Name, key.RevokedAt is null)).ShouldBe([("ci", true), ("ci", false)]);
    }

    [Fact]
    public async Task Two_keys_cannot_have_one_name()
    {
        await Keys.CreateAsync("ci", Role.Submit, expiresAt: null, Admin, default);

        (await Should.ThrowAsync<KeyNameTakenException>(() => Keys.CreateAsync("ci", Role.Read, expiresAt: null, Admin, default))).Message.ShouldContain("'ci'");
        await Should.ThrowAsync<ArgumentException>(() => Keys.CreateAsync("no name", Role.Read, expiresAt: null, Admin, default));
    }

    [Fact]
    public async Task A_rotated_key_keeps_its_owner_and_for_a_while_its_old_secret()
    {
        var (_, old) = await Keys.CreateAsync("ci", Role.Submit, expiresAt: null, Admin, default);

        var (_, fresh) = (await Keys.RotateAsync("ci", TimeSpan.FromHours(1), Admin, default))!;

        (await Keys.FindAsync(fresh, default))!.ToCaller().ShouldBe((await Keys.FindAsync(old, default))!.ToCaller());
        _clock.Advance(TimeSpan.FromHours(1));
        (await Keys.FindAsync(old, default)).ShouldBeNull();
        (await Keys.FindAsync(fresh, default)).ShouldNotBeNull();
        var (_, last) = (await Keys.RotateAsync("ci", TimeSpan.Zero, Admin, default))!;
        (await Keys.FindAsync(fresh, default)).ShouldBeNull();
        (await Keys.FindAsync(last, default)).ShouldNotBeNull();
    }

    [Fact]
    public async Task The_last_use_is_known_to_the_minute()
    {
        var (_, secret) = await Keys.CreateAsync("ci", Role.Submit, expiresAt: null, Admin, default);
        var first = _clock.GetUtcNow();
        await Keys.FindAsync(secret, default);
        _clock.Advance(TimeSpan.FromSeconds(59));
        await Keys.FindAsync(secret, default);
        (await Keys.ListAsync(default)).Single().LastUsedAt.ShouldBe(first);

        _clock.Advance(TimeSpan.FromSeconds(2));
        await Keys.FindAsync(secret, default);
        (await Keys.ListAsync(default)).Single().LastUsedAt.ShouldBe(_clock.GetUtcNow());
    }

    [Fact]
    public async Task The_audit_tells_who_made_rotated_and_revoked_a_key()
    {
        await Keys.CreateAsync("ci", Role.Submit, expiresAt: null, Admin, default);
        await Keys.RotateAsync("ci", TimeSpan.Zero, Admin, default);
        await Keys.RevokeAsync("ci", Admin, default);

        var lines = (await Audit.ListAsync(10, cursor: null, default)).Items;

        lines.Select(line => (line.Action, line.Subject, line.Owner, line.Name, line.Address)).ShouldBe(
        [
            (AuditAction.Revoked, "key:ci", "key:root", "root", "192.0.2.7"),
            (AuditAction.Rotated, "key:ci", "key:root", "root", "192.0.2.7"),
            (AuditAction.Created, "key:ci", "key:root", "root", "192.0.2.7"),
        ]);
    }
}
