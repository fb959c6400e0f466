using System.Runtime.InteropServices;

namespace NeuralCapacitance.Worker.Datasets.Decoding;

/// <summary>The C ABI of <c>native/images/nc_images.h</c>.</summary>
internal static unsafe partial class NativeImages
{
    internal enum Fault
    {
        Broken = 0,
        NoMemory = 1,
        Unread = 2,
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct Error
    {
        public int Index;
        public Fault Fault;
        public fixed byte Message[248];
    }

    [LibraryImport("nc_images", EntryPoint = "nc_images_decode", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Decode(string[] paths, int count, int size, int threads, byte* pixels, Error* errors, int maxErrors);

    [LibraryImport("nc_images", EntryPoint = "nc_images_resize")]
    internal static partial int Resize(byte* planes, int count, int side, int size, int threads, byte* pixels);
}
