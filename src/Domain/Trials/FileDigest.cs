namespace NeuralCapacitance.Domain.Trials;

/// <summary>What a file must be to be the one that was written.</summary>
/// <param name="Sha256">Hexadecimal, lower case.</param>
/// <param name="Bytes">Its length.</param>
public sealed record FileDigest(string Sha256, long Bytes);
