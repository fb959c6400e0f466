using System.Security.Cryptography;

namespace NeuralCapacitance.Infrastructure.Downloads;

/// <summary>What a file's publisher says about its content: a SHA-256 digest or its first digits, or MD5 where nothing better is published.</summary>
public sealed record Checksum
{
    private const int LeastPrefix = 8;
    private const int Sha256Digits = 64;
    private const int Md5Digits = 32;

    private Checksum(HashAlgorithmName algorithm, string digits, int fullLength)
    {
        Algorithm = algorithm;
        Digits = digits.ToLowerInvariant();
        IsPrefix = digits.Length < fullLength;
    }

    public HashAlgorithmName Algorithm { get; }

    /// <summary>Hexadecimal, lower case.</summary>
    public string Digits { get; }

    /// <summary>Whether only the first digits are known.</summary>
    public bool IsPrefix { get; }

    /// <param name="digits">The whole digest, or its first 8 hexadecimal digits or more.</param>
    /// <exception cref="ArgumentException">Too few digits, too many, or others than hexadecimal ones.</exception>
    public static Checksum Sha256(string digits) => digits.Length is >= LeastPrefix and <= Sha256Digits && digits.All(char.IsAsciiHexDigit)
        ? new(HashAlgorithmName.SHA256, digits, Sha256Digits)
        : throw new ArgumentException($"'{digits}' is no SHA-256 digest; give {LeastPrefix} … {Sha256Digits} hexadecimal digits.", nameof(digits));

    /// <param name="digits">The whole digest.</param>
    /// <exception cref="ArgumentException">Other than 32 hexadecimal digits.</exception>
    public static Checksum Md5(string digits) => digits.Length == Md5Digits && digits.All(char.IsAsciiHexDigit)
        ? new(HashAlgorithmName.MD5, digits, Md5Digits)
        : throw new ArgumentException($"'{digits}' is no MD5 digest; give {Md5Digits} hexadecimal digits.", nameof(digits));

    public bool Matches(string digest) => digest.StartsWith(Digits, StringComparison.OrdinalIgnoreCase);

    /// <summary>The file's whole digest: hexadecimal, lower case.</summary>
    public async Task<string> DigestOfAsync(string path, CancellationToken cancellationToken)
    {
        const int bufferSize = 1 << 20;
        using var hash = IncrementalHash.CreateHash(Algorithm);
        using var file = File.OpenHandle(path, options: FileOptions.Asynchronous | FileOptions.SequentialScan);
        var buffer = new byte[bufferSize];
        for (var position = 0L; ;)
        {
            var read = await RandomAccess.ReadAsync(file, buffer, position, cancellationToken);
            if (read == 0) return Convert.ToHexStringLower(hash.GetHashAndReset());
            hash.AppendData(buffer, 0, read);
            position += read;
        }
    }

    public override string ToString() => $"{Algorithm.Name} {Digits}{(IsPrefix ? "…" : "")}";
}
