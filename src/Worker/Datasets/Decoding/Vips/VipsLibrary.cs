using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace NeuralCapacitance.Worker.Datasets.Decoding.Vips;

/// <summary>The functions of libvips, and of GLib in its library, that a decoder takes. None of them may be called before <see cref="Starts"/> has said yes.</summary>
[SupportedOSPlatform("linux")]
internal static unsafe partial class VipsLibrary
{
    private const string Name = "libvips.so.42";

    /// <summary>Of GLib's log: all of its levels.</summary>
    private const int EveryLevel = ~3;

    /// <summary>A function of libvips that fails says so by this.</summary>
    public const int Failed = -1;

    /// <summary>Whether the library is here, and starts.</summary>
    public static bool Starts()
    {
        if (!NativeLibrary.TryLoad(Name, typeof(VipsLibrary).Assembly, null, out _) || Initialize("images") != 0) return false;
        // A harmless oddity of a file would be a line of the process's standard error. What has lost pixels was refused before.
        SetLogHandler("VIPS", EveryLevel, &Ignore, null);
        // Nothing is asked for twice.
        SetMostCached(0);
        return true;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Ignore(byte* domain, int level, byte* message, void* data)
    {
    }

    [LibraryImport(Name, EntryPoint = "vips_init", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Initialize(string program);

    [LibraryImport(Name, EntryPoint = "vips_cache_set_max")]
    private static partial void SetMostCached(int operations);

    [LibraryImport(Name, EntryPoint = "g_log_set_handler", StringMarshalling = StringMarshalling.Utf8)]
    private static partial uint SetLogHandler(string domain, int levels, delegate* unmanaged[Cdecl]<byte*, int, byte*, void*, void> handler, void* data);

    [LibraryImport(Name, EntryPoint = "vips_error_clear")]
    public static partial void ForgetErrors();

    [LibraryImport(Name, EntryPoint = "vips_operation_new")]
    public static partial nint NewOperation(ReadOnlySpan<byte> name);

    [LibraryImport(Name, EntryPoint = "vips_object_set_argument_from_string")]
    public static partial int SetArgument(nint operation, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value);

    [LibraryImport(Name, EntryPoint = "vips_object_build")]
    public static partial int Build(nint operation);

    [LibraryImport(Name, EntryPoint = "vips_object_unref_outputs")]
    public static partial void ReleaseOutputs(nint operation);

    [LibraryImport(Name, EntryPoint = "vips_blob_get_type")]
    public static partial nuint TypeOfBlob();

    [LibraryImport(Name, EntryPoint = "vips_image_get_type")]
    public static partial nuint TypeOfImage();

    [LibraryImport(Name, EntryPoint = "vips_blob_new")]
    public static partial nint NewBlob(void* release, byte* bytes, nuint length);

    [LibraryImport(Name, EntryPoint = "vips_area_unref")]
    public static partial void ReleaseBlob(nint blob);

    [LibraryImport(Name, EntryPoint = "vips_image_get_width")]
    public static partial int WidthOf(nint image);

    [LibraryImport(Name, EntryPoint = "vips_image_get_height")]
    public static partial int HeightOf(nint image);

    [LibraryImport(Name, EntryPoint = "vips_image_get_bands")]
    public static partial int BandsOf(nint image);

    [LibraryImport(Name, EntryPoint = "vips_image_get_format")]
    public static partial int FormatOf(nint image);

    [LibraryImport(Name, EntryPoint = "vips_image_new_from_memory")]
    public static partial nint NewImage(byte* pixels, nuint length, int width, int height, int bands, int format);

    [LibraryImport(Name, EntryPoint = "vips_region_new")]
    public static partial nint NewRegion(nint image);

    [LibraryImport(Name, EntryPoint = "vips_region_image")]
    public static partial int Attach(nint region, in VipsArea area);

    [LibraryImport(Name, EntryPoint = "vips_region_prepare_to")]
    public static partial int Compute(nint region, nint target, in VipsArea area, int left, int top);

    [LibraryImport(Name, EntryPoint = "g_object_unref")]
    public static partial void Release(nint instance);

    [LibraryImport(Name, EntryPoint = "g_object_set_property")]
    public static partial void SetProperty(nint instance, ReadOnlySpan<byte> name, in GValue value);

    [LibraryImport(Name, EntryPoint = "g_object_get_property")]
    public static partial void GetProperty(nint instance, ReadOnlySpan<byte> name, ref GValue value);

    [LibraryImport(Name, EntryPoint = "g_value_init")]
    public static partial nint Initialize(ref GValue value, nuint type);

    [LibraryImport(Name, EntryPoint = "g_value_unset")]
    public static partial void Clear(ref GValue value);

    [LibraryImport(Name, EntryPoint = "g_value_set_boxed")]
    public static partial void SetBoxed(ref GValue value, nint boxed);

    [LibraryImport(Name, EntryPoint = "g_value_dup_object")]
    public static partial nint TakeObject(in GValue value);
}
