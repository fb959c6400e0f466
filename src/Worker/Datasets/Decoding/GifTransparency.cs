namespace NeuralCapacitance.Worker.Datasets.Decoding;

/// <summary>
/// Takes the mark of transparency from the first frame of a GIF file: its pixels would come out without their colour, and as black, where PIL's
/// <c>convert("RGB")</c> gives them that of the palette.
/// </summary>
internal static class GifTransparency
{
    private const int HeaderBytes = 13;
    private const byte Extension = 0x21;
    private const byte GraphicControl = 0xF9;
    private const byte HasPalette = 0x80;
    private const byte IsTransparent = 0x01;

    /// <param name="file">Is changed.</param>
    public static void Remove(Span<byte> file)
    {
        if (file.Length < HeaderBytes) return;
        var at = HeaderBytes + ((file[10] & HasPalette) != 0 ? 3 << ((file[10] & 7) + 1) : 0);
        while (at + 3 < file.Length && file[at] == Extension)
        {
            if (file[at + 1] == GraphicControl) file[at + 3] &= unchecked((byte)~IsTransparent);
            at += 2;
            // Blocks of up to 255 bytes, each after its length; an empty one is the last.
            while (at < file.Length && file[at] != 0) at += 1 + file[at];
            at++;
        }
    }
}
