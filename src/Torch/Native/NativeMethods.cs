using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling]

namespace TorchSharp.Native;

/// <summary>native/torch/nc_torch.h, one to one. Handles are borrowed by every call that takes them.</summary>
internal static unsafe partial class NativeMethods
{
    private const string Library = "nc_torch";

    [LibraryImport(Library)] internal static partial byte* nc_last_error();

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] internal static partial nint nc_op_find(string name, string overload);
    [LibraryImport(Library)] internal static partial int nc_op_call(nint op, NativeValue* arguments, int count, NativeValue* results, int capacity);
    [LibraryImport(Library)] internal static partial void nc_free(nint memory);

    [LibraryImport(Library)] internal static partial nint nc_tensor_from_memory(void* data, long bytes, long* sizes, int dimensions, int dtype);
    [LibraryImport(Library)] internal static partial nint nc_tensor_share(nint tensor);
    [LibraryImport(Library)] internal static partial void nc_tensor_free(nint tensor);

    // The getters below read a field or two: no allocation, no lock, no callback.
    [LibraryImport(Library), SuppressGCTransition] internal static partial long nc_tensor_live_count();
    [LibraryImport(Library), SuppressGCTransition] internal static partial long nc_tensor_dim(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] internal static partial long nc_tensor_numel(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] internal static partial int nc_tensor_dtype(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] internal static partial int nc_tensor_element_size(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] internal static partial int nc_grad_mode();
    [LibraryImport(Library), SuppressGCTransition] internal static partial void nc_set_grad_mode(int enabled);

    [LibraryImport(Library)] internal static partial int nc_tensor_device_type(nint tensor);
    [LibraryImport(Library)] internal static partial int nc_tensor_device_index(nint tensor);
    [LibraryImport(Library)] internal static partial int nc_tensor_sizes(nint tensor, long* sizes, int capacity);
    [LibraryImport(Library)] internal static partial int nc_tensor_strides(nint tensor, long* strides, int capacity);
    [LibraryImport(Library)] internal static partial int nc_tensor_is_contiguous(nint tensor, int memoryFormat);
    [LibraryImport(Library)] internal static partial void* nc_tensor_data(nint tensor);

    [LibraryImport(Library)] internal static partial int nc_tensor_requires_grad(nint tensor);
    [LibraryImport(Library)] internal static partial int nc_tensor_set_requires_grad(nint tensor, int value);
    [LibraryImport(Library)] internal static partial int nc_tensor_is_leaf(nint tensor);
    [LibraryImport(Library)] internal static partial int nc_tensor_retain_grad(nint tensor);
    [LibraryImport(Library)] internal static partial nint nc_tensor_grad(nint tensor);
    [LibraryImport(Library)] internal static partial int nc_tensor_set_grad(nint tensor, nint gradient);
    [LibraryImport(Library)] internal static partial int nc_backward(nint* tensors, nint* gradients, int count, int retainGraph, int createGraph, nint* inputs, int inputCount);
    [LibraryImport(Library)] internal static partial int nc_grad(nint* outputs, nint* gradients, int outputCount, nint* inputs, int inputCount, int retainGraph, int createGraph, int allowUnused, nint* results);
    [LibraryImport(Library)] internal static partial nint nc_inference_mode_enter(int enabled);
    [LibraryImport(Library)] internal static partial void nc_inference_mode_leave(nint guard);

    [LibraryImport(Library)] internal static partial byte* nc_version();
    [LibraryImport(Library)] internal static partial int nc_num_threads();
    [LibraryImport(Library)] internal static partial int nc_set_num_threads(int count);
    [LibraryImport(Library)] internal static partial int nc_num_interop_threads();
    [LibraryImport(Library)] internal static partial int nc_set_num_interop_threads(int count);
    [LibraryImport(Library)] internal static partial int nc_device_count(int deviceType);
    [LibraryImport(Library)] internal static partial int nc_synchronize(int deviceType, int index);

    [LibraryImport(Library)] internal static partial int nc_manual_seed(ulong seed);
    [LibraryImport(Library)] internal static partial nint nc_generator_new(ulong seed, int deviceType, int index);
    [LibraryImport(Library)] internal static partial nint nc_generator_default(int deviceType, int index);
    [LibraryImport(Library)] internal static partial void nc_generator_free(nint generator);
    [LibraryImport(Library)] internal static partial int nc_generator_seed(nint generator, ulong seed);
    [LibraryImport(Library)] internal static partial ulong nc_generator_initial_seed(nint generator);
    [LibraryImport(Library)] internal static partial nint nc_generator_state(nint generator);
    [LibraryImport(Library)] internal static partial int nc_generator_set_state(nint generator, nint state);

    [LibraryImport(Library)] internal static partial int nc_sgd_step(nint* parameters, nint* gradients, nint* buffers, int count, NativeSgd* options);
    [LibraryImport(Library)] internal static partial int nc_adam_step(nint* parameters, nint* gradients, nint* means, nint* squares, nint* largest, int count, NativeAdam* options);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] internal static partial nint nc_script_load(string path, int deviceType, int deviceIndex);
    [LibraryImport(Library)] internal static partial void nc_script_free(nint module);
    [LibraryImport(Library)] internal static partial nint nc_script_forward(nint module, nint* inputs, int count);
    [LibraryImport(Library)] internal static partial int nc_script_parameters(nint module, delegate* unmanaged<nint, byte*, nint, void> visit, nint context);
    [LibraryImport(Library)] internal static partial int nc_script_buffers(nint module, delegate* unmanaged<nint, byte*, nint, void> visit, nint context);
    [LibraryImport(Library)] internal static partial int nc_script_modules(nint module, delegate* unmanaged<nint, byte*, nint, void> visit, nint context);
    [LibraryImport(Library)] internal static partial int nc_script_train(nint module, int training);
}
