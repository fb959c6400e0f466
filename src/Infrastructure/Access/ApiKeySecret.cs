using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace NeuralCapacitance.Infrastructure.Access;

/// <summary>256 random bits behind a prefix by which scanners for leaked secrets can tell it.</summary>
public static class ApiKeySecret
{
    public const string Prefix = "nck_";

    private const int Bytes = 32;

    public static string Create() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>What is stored. A secret of 256 random bits cannot be guessed from it, so it needs neither salt nor many rounds.</summary>
    public static byte[] HashOf(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    /// <summary>Whether the text has the form of a secret; says nothing of whether there is such a key.</summary>
    public static bool IsOne(string text) => text.Length == Prefix.Length + ((Bytes * 4) + 2) / 3 && text.StartsWith(Prefix, StringComparison.Ordinal);
}
