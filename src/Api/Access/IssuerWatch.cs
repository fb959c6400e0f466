using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace NeuralCapacitance.Api.Access;

/// <summary>
/// Whether the issuer has said by which keys its tokens are signed. Once it has, what is known is kept and renewed in the background; until then one request at a
/// time asks, and the others are told what came of it: who waits for an issuer that is away would wait for all before him.
/// </summary>
internal sealed class IssuerWatch(TimeProvider clock)
{
    private static readonly TimeSpan Belief = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _one = new(1, 1);
    private volatile bool _hasAnswered;
    private (Exception Fault, long At)? _last;

    /// <summary>Null: it has.</summary>
    public async ValueTask<Exception?> FaultAsync(IConfigurationManager<OpenIdConnectConfiguration> issuer, CancellationToken cancellationToken)
    {
        if (_hasAnswered) return null;
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (_hasAnswered) return null;
            if (_last is { } last && clock.GetElapsedTime(last.At) < Belief) return last.Fault;
            // Not given up with the request that happens to ask: that would be told to the others as an outage.
            await issuer.GetConfigurationAsync(CancellationToken.None);
            _hasAnswered = true;
            return null;
        }
        catch (InvalidOperationException e)
        {
            _last = (e, clock.GetTimestamp());
            return e;
        }
        finally
        {
            _one.Release();
        }
    }
}
