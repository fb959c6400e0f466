using BitMiracle.LibTiff.Classic;

namespace NeuralCapacitance.Worker.Datasets.Decoding;

/// <summary>An open TIFF file in memory, what its header says, and what LibTiff has said about it.</summary>
internal sealed class TiffFile : IDisposable
{
    private const int MostSamples = 8;

    private readonly Notes notes;

    static TiffFile() => Tiff.SetErrorHandler(new Listener());

    private TiffFile(Tiff tiff, Notes notes)
    {
        Tiff = tiff;
        this.notes = notes;
        Width = Number(TiffTag.IMAGEWIDTH);
        Height = Number(TiffTag.IMAGELENGTH);
        Raster.RequireSize(Width, Height);
        Bits = Number(TiffTag.BITSPERSAMPLE);
        Samples = Number(TiffTag.SAMPLESPERPIXEL);
        if (Samples is < 1 or > MostSamples) throw new BrokenFileException($"has {Samples} samples a pixel; accepted are 1 to {MostSamples}");
        if ((SampleFormat)Number(TiffTag.SAMPLEFORMAT) is not (SampleFormat.UINT or SampleFormat.VOID) || Bits > 16)
            throw new BrokenFileException($"has samples of {Bits} bits, format {(SampleFormat)Number(TiffTag.SAMPLEFORMAT)}; accepted are unsigned ones of 1 to 16 bits");
    }

    public Tiff Tiff { get; }

    /// <summary>Pixels.</summary>
    public int Width { get; }

    /// <summary>Pixels.</summary>
    public int Height { get; }

    /// <summary>Of a sample.</summary>
    public int Bits { get; }

    /// <summary>Of a pixel: colours and alpha.</summary>
    public int Samples { get; }

    public Photometric Photometric => (Photometric)Number(TiffTag.PHOTOMETRIC);

    public bool IsPlanar => (PlanarConfig)Number(TiffTag.PLANARCONFIG) == PlanarConfig.SEPARATE;

    /// <summary>1 … 8, as EXIF counts; 1 where the file says nothing.</summary>
    public int Orientation => Math.Clamp(Number(TiffTag.ORIENTATION), 1, 8);

    /// <summary>Whether the first sample after the colours is alpha, and colours are multiplied by it.</summary>
    public bool IsPremultiplied => Tiff.GetField(TiffTag.EXTRASAMPLES) is [_, var kinds, ..] && kinds.Value switch
    {
        ExtraSample[] { Length: > 0 } samples => samples[0] == ExtraSample.ASSOCALPHA,
        byte[] { Length: > 0 } samples => (ExtraSample)samples[0] == ExtraSample.ASSOCALPHA,
        short[] { Length: > 0 } samples => (ExtraSample)samples[0] == ExtraSample.ASSOCALPHA,
        _ => false,
    };

    /// <exception cref="BrokenFileException">No header, or one of a kind that is not read.</exception>
    public static TiffFile Open(byte[] file, int length)
    {
        TiffDirectory.RequireWhole(file.AsSpan(0, length));
        var said = new Notes();
        var tiff = Tiff.ClientOpen("image", "r", said, new Source(file, length)) ?? throw new BrokenFileException(said.Reason("the header of the TIFF file is damaged"));
        try
        {
            return new TiffFile(tiff, said);
        }
        catch
        {
            tiff.Dispose();
            throw;
        }
    }

    /// <summary>What was wrong, in LibTiff's words if it had any.</summary>
    public BrokenFileException Fault(string otherwise) => new(notes.Reason(otherwise));

    /// <summary>To be called when all pixels have been read: LibTiff goes on after much that costs some.</summary>
    /// <exception cref="BrokenFileException">It has noted an error.</exception>
    public void RequireNoFault()
    {
        if (notes.Has) throw Fault("the TIFF file is damaged");
    }

    public int Number(TiffTag tag) => Tiff.GetFieldDefaulted(tag) is [var value, ..] ? value.ToInt() : 0;

    public void Dispose() => Tiff.Dispose();

    /// <summary>What LibTiff says about one file: it gives it back to the handler that all files share.</summary>
    private sealed class Notes
    {
        private string? first;

        public bool Has => first is not null;

        public void Add(string format, object[] args) => first ??= string.Format(System.Globalization.CultureInfo.InvariantCulture, format, args);

        public string Reason(string otherwise) => first is null ? otherwise : $"{otherwise}: {first}";
    }

    private sealed class Listener : TiffErrorHandler
    {
        public override void ErrorHandlerExt(Tiff tif, object clientData, string method, string format, params object[] args)
        {
            if (clientData is Notes notes) notes.Add(format, args);
        }

        public override void ErrorHandler(Tiff tif, string method, string format, params object[] args)
        {
        }

        public override void WarningHandler(Tiff tif, string method, string format, params object[] args)
        {
        }

        /// <summary>The decoder of JPEG warns where pixels are lost, and where bytes are left over, which costs none.</summary>
        public override void WarningHandlerExt(Tiff tif, object clientData, string method, string format, params object[] args)
        {
            if (method == "JPEGLib" && !format.Contains("extraneous", StringComparison.Ordinal) && clientData is Notes notes) notes.Add(format, args);
        }
    }

    private sealed class Source(byte[] file, int length) : TiffStream
    {
        private long position;

        public override int Read(object clientData, byte[] buffer, int offset, int count)
        {
            var there = (int)Math.Clamp(length - position, 0, count);
            if (there > 0) Array.Copy(file, position, buffer, offset, there);
            position += there;
            return there;
        }

        public override void Write(object clientData, byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(object clientData, long offset, SeekOrigin origin)
            => position = Math.Max(0, origin switch { SeekOrigin.Begin => offset, SeekOrigin.Current => position + offset, _ => length + offset });

        public override void Close(object clientData)
        {
        }

        public override long Size(object clientData) => length;
    }
}
