using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Moving and converting modules. The module itself changes and is returned.</summary>
public static class ModuleExtensionMethods
{
    public static T to<T>(this T module, Device device, bool non_blocking = false) where T : nn.Module => Convert(module, device, null);

    public static T to<T>(this T module, DeviceType deviceType, int deviceIndex = -1, bool non_blocking = false) where T : nn.Module =>
        Convert(module, new Device(deviceType, deviceIndex), null);

    public static T to<T>(this T module, ScalarType type, bool non_blocking = false) where T : nn.Module => Convert(module, null, type);

    public static T to<T>(this T module, Device device, ScalarType type, bool non_blocking = false) where T : nn.Module => Convert(module, device, type);

    public static T cpu<T>(this T module, bool non_blocking = false) where T : nn.Module => Convert(module, CPU, null);

    public static T cuda<T>(this T module, int deviceIndex = -1, bool non_blocking = false) where T : nn.Module =>
        Convert(module, new Device(DeviceType.CUDA, deviceIndex), null);

    private static T Convert<T>(T module, Device? device, ScalarType? type) where T : nn.Module
    {
        module.ConvertTo(device, type);
        return module;
    }
}
