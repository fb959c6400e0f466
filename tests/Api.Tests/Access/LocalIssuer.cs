using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace NeuralCapacitance.Api.Tests.Access;

/// <summary>A company's sign-on on this machine: discovery document, keys, tokens.</summary>
internal sealed class LocalIssuer : IAsyncDisposable
{
    public const string Audience = "neural-capacitance";

    private readonly WebApplication _app;
    private readonly List<object> _published = [];

    private LocalIssuer(WebApplication app) => _app = app;

    public string Address => _app.Urls.First();

    public static async Task<LocalIssuer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var issuer = new LocalIssuer(app);
        app.MapGet("/.well-known/openid-configuration", () => Results.Json(new { issuer = issuer.Address, jwks_uri = $"{issuer.Address}/keys" }));
        app.MapGet("/keys", () => Results.Json(new { keys = issuer._published.ToArray() }));
        await app.StartAsync();
        return issuer;
    }

    public RsaSecurityKey AddRsa(string id)
    {
        var rsa = RSA.Create(2048);
        var numbers = rsa.ExportParameters(includePrivateParameters: false);
        _published.Add(new { kty = "RSA", use = "sig", kid = id, n = Base64UrlEncoder.Encode(numbers.Modulus), e = Base64UrlEncoder.Encode(numbers.Exponent) });
        return new(rsa) { KeyId = id };
    }

    public ECDsaSecurityKey AddEc(string id)
    {
        var curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var point = curve.ExportParameters(includePrivateParameters: false).Q;
        _published.Add(new { kty = "EC", use = "sig", kid = id, crv = "P-256", x = Base64UrlEncoder.Encode(point.X), y = Base64UrlEncoder.Encode(point.Y) });
        return new(curve) { KeyId = id };
    }

    public string Token(SecurityKey key, string algorithm, Action<SecurityTokenDescriptor>? change = null, params (string Claim, object Value)[] claims)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var token = new SecurityTokenDescriptor
        {
            Issuer = Address,
            Audience = Audience,
            IssuedAt = now,
            NotBefore = now,
            Expires = now.AddMinutes(10),
            Claims = claims.ToDictionary(claim => claim.Claim, claim => claim.Value),
            SigningCredentials = new SigningCredentials(key, algorithm),
        };
        change?.Invoke(token);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(token);
    }

    /// <summary>The same claims under a header that says that nothing is signed.</summary>
    public static string Unsigned(string token) => $"{Base64UrlEncoder.Encode("""{"alg":"none","typ":"JWT"}""")}.{token.Split('.')[1]}.";

    /// <summary>The same claims, signed with the public key as if it were a shared secret.</summary>
    public static string SignedByPublicKey(string token, RsaSecurityKey key)
    {
        var secret = Encoding.ASCII.GetBytes(key.Rsa.ExportSubjectPublicKeyInfoPem());
        var signed = $"{Base64UrlEncoder.Encode($$"""{"alg":"HS256","typ":"JWT","kid":"{{key.KeyId}}"}""")}.{token.Split('.')[1]}";
        return $"{signed}.{Base64UrlEncoder.Encode(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(signed)))}";
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
