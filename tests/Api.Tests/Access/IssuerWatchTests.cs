using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using NeuralCapacitance.Api.Access;

namespace NeuralCapacitance.Api.Tests.Access;

public sealed class IssuerWatchTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly PlayedIssuer _issuer = new();

    [Fact]
    public async Task An_issuer_that_is_away_is_asked_once_in_a_while_and_one_that_has_answered_never_again()
    {
        var watch = new IssuerWatch(_clock);

        var faults = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => watch.FaultAsync(_issuer, default).AsTask()));
        faults.ShouldAllBe(fault => fault is InvalidOperationException);
        _issuer.Asked.ShouldBe(1);

        _clock.Advance(TimeSpan.FromSeconds(5));
        (await watch.FaultAsync(_issuer, default)).ShouldNotBeNull();
        _issuer.Asked.ShouldBe(2);

        _issuer.IsThere = true;
        (await watch.FaultAsync(_issuer, default)).ShouldNotBeNull("what came of the last question is believed for a while");
        _clock.Advance(TimeSpan.FromSeconds(5));
        (await watch.FaultAsync(_issuer, default)).ShouldBeNull();
        _issuer.IsThere = false;
        (await watch.FaultAsync(_issuer, default)).ShouldBeNull("its keys are known");
        _issuer.Asked.ShouldBe(3);
    }

    private sealed class PlayedIssuer : IConfigurationManager<OpenIdConnectConfiguration>
    {
        private int _asked;

        public bool IsThere { get; set; }

        public int Asked => _asked;

        public async Task<OpenIdConnectConfiguration> GetConfigurationAsync(CancellationToken cancel)
        {
            Interlocked.Increment(ref _asked);
            await Task.Yield();
            return IsThere ? new OpenIdConnectConfiguration() : throw new InvalidOperationException("unreachable");
        }

        public void RequestRefresh()
        {
        }
    }
}
