namespace NeuralCapacitance.Infrastructure.Archives;

/// <summary>An entry as the archive's directory describes it. Nothing of it is true until it has been read.</summary>
/// <param name="Name">As it stands there: forward slashes between folders, one at the end of a folder's own entry.</param>
/// <param name="Method">0 stored, 8 deflated; others cannot be read.</param>
/// <param name="Flags">Bit 0: encrypted.</param>
/// <param name="ExternalAttributes">The upper half are Unix's mode bits, where whoever packed it had any.</param>
/// <param name="CompressedLength">Bytes in the archive.</param>
/// <param name="Length">Bytes when expanded.</param>
/// <param name="Checksum">CRC-32 of those.</param>
/// <param name="HeaderAt">Offset of its local header.</param>
public sealed record ZipItem(
    string Name, int Method, int Flags, uint ExternalAttributes, long CompressedLength, long Length, uint Checksum, long HeaderAt)
{
    private const int Stored = 0;
    private const int Deflated = 8;
    private const int EncryptedFlag = 1;
    private const int StrongEncryptionFlag = 1 << 6;
    private const int MaskedFlag = 1 << 13;

    public bool IsFolder => Name.EndsWith('/');

    public bool IsStored => Method == Stored;

    /// <summary>Why it cannot be read; null: it can be tried.</summary>
    public ArchiveFault? Fault()
    {
        if ((Flags & (EncryptedFlag | StrongEncryptionFlag | MaskedFlag)) != 0)
            return new ArchiveFault(Name, null, "is encrypted", "an archive without a password");
        if (Method is not (Stored or Deflated))
            return new ArchiveFault(Name, $"method {Method}", "is compressed in a way that is not supported", "stored (0) or deflated (8) entries, which every zip program can write");
        return IsStored && CompressedLength != Length
            ? new ArchiveFault(Name, $"{CompressedLength} and {Length} bytes", "is stored and yet has two lengths", ZipDirectory.AcceptedArchive)
            : null;
    }
}
