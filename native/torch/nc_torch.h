// The C ABI of libnc_torch. Everything returns 0 or a value on success; a failing call returns -1 or null and leaves
// libtorch's own words in nc_last_error() of the same thread. No C++ exception leaves a function of this header.
#pragma once
#include <cstdint>

#define NC_API extern "C" __attribute__((visibility("default")))

// A tensor handle owns one reference to a TensorImpl; an undefined tensor is null.
typedef void* nc_tensor;
typedef struct nc_op nc_op;
typedef struct nc_generator nc_generator;
typedef struct nc_script nc_script;

enum nc_kind : int32_t {
  NC_NONE = 0,
  NC_TENSOR = 1,                 // p: nc_tensor, borrowed as argument, owned as result; null is an absent tensor
  NC_TENSOR_LIST = 2,            // p: nc_tensor[count]; as result to be freed with nc_free
  NC_INT = 3,                    // i; also dtype, layout and memory format
  NC_DOUBLE = 4,                 // d
  NC_BOOL = 5,                   // i
  NC_INT_LIST = 6,               // p: int64_t[count]
  NC_DOUBLE_LIST = 7,            // p: double[count]
  NC_STRING = 8,                 // p: char[count], UTF-8
  NC_DEVICE = 9,                 // count: device type, i: index (-1: the current one)
  NC_GENERATOR = 10,             // p: nc_generator*
  NC_OPTIONAL_TENSOR_LIST = 11,  // p: nc_tensor[count] with nulls for absent ones
  NC_DEFAULT = 12,               // the default that the operator's schema declares
};

typedef struct nc_value {
  int32_t kind;
  int32_t count;
  union {
    int64_t i;
    double d;
    const void* p;
  };
} nc_value;

NC_API const char* nc_last_error();

// --- operators -------------------------------------------------------------------------------------------------------
// An operator is looked up once ("aten::add", "Tensor") and called often; the handle lives as long as the process.
NC_API nc_op* nc_op_find(const char* name, const char* overload);
// Arguments in the schema's order, keyword-only ones included; missing trailing ones take their defaults.
// Writes at most `capacity` results and drops the others (in-place operators: capacity 0). Returns how many were written.
NC_API int32_t nc_op_call(nc_op* op, const nc_value* arguments, int32_t count, nc_value* results, int32_t capacity);
NC_API void nc_free(const void* memory);

// --- tensors ---------------------------------------------------------------------------------------------------------
NC_API nc_tensor nc_tensor_from_memory(const void* data, int64_t bytes, const int64_t* sizes, int32_t dimensions, int32_t dtype);
NC_API nc_tensor nc_tensor_share(nc_tensor tensor);
NC_API void nc_tensor_free(nc_tensor tensor);
NC_API int64_t nc_tensor_live_count();
NC_API int64_t nc_tensor_dim(nc_tensor tensor);
NC_API int64_t nc_tensor_numel(nc_tensor tensor);
NC_API int32_t nc_tensor_sizes(nc_tensor tensor, int64_t* sizes, int32_t capacity);
NC_API int32_t nc_tensor_strides(nc_tensor tensor, int64_t* strides, int32_t capacity);
NC_API int32_t nc_tensor_dtype(nc_tensor tensor);
NC_API int32_t nc_tensor_element_size(nc_tensor tensor);
NC_API int32_t nc_tensor_device_type(nc_tensor tensor);
NC_API int32_t nc_tensor_device_index(nc_tensor tensor);
NC_API int32_t nc_tensor_is_contiguous(nc_tensor tensor, int32_t memory_format);
NC_API void* nc_tensor_data(nc_tensor tensor);

// --- autograd --------------------------------------------------------------------------------------------------------
NC_API int32_t nc_tensor_requires_grad(nc_tensor tensor);
NC_API int32_t nc_tensor_set_requires_grad(nc_tensor tensor, int32_t value);
NC_API int32_t nc_tensor_is_leaf(nc_tensor tensor);
NC_API int32_t nc_tensor_retain_grad(nc_tensor tensor);
NC_API nc_tensor nc_tensor_grad(nc_tensor tensor);
NC_API int32_t nc_tensor_set_grad(nc_tensor tensor, nc_tensor gradient);
NC_API int32_t nc_backward(const nc_tensor* tensors, const nc_tensor* gradients, int32_t count, int32_t retain_graph,
                           int32_t create_graph, const nc_tensor* inputs, int32_t input_count);
NC_API int32_t nc_grad(const nc_tensor* outputs, const nc_tensor* gradients, int32_t output_count, const nc_tensor* inputs,
                       int32_t input_count, int32_t retain_graph, int32_t create_graph, int32_t allow_unused, nc_tensor* results);
// Grad mode belongs to the calling thread.
NC_API int32_t nc_grad_mode();
NC_API void nc_set_grad_mode(int32_t enabled);
NC_API void* nc_inference_mode_enter(int32_t enabled);
NC_API void nc_inference_mode_leave(void* guard);

// --- process and devices ---------------------------------------------------------------------------------------------
NC_API const char* nc_version();
NC_API int32_t nc_num_threads();
// Of ATen and of OpenBLAS, where libtorch uses that.
NC_API int32_t nc_set_num_threads(int32_t count);
NC_API int32_t nc_num_interop_threads();
NC_API int32_t nc_set_num_interop_threads(int32_t count);
NC_API int32_t nc_device_count(int32_t device_type);
NC_API int32_t nc_synchronize(int32_t device_type, int32_t index);
NC_API int32_t nc_manual_seed(uint64_t seed);
NC_API nc_generator* nc_generator_new(uint64_t seed, int32_t device_type, int32_t index);
NC_API nc_generator* nc_generator_default(int32_t device_type, int32_t index);
NC_API void nc_generator_free(nc_generator* generator);
NC_API int32_t nc_generator_seed(nc_generator* generator, uint64_t seed);
NC_API uint64_t nc_generator_initial_seed(nc_generator* generator);
NC_API nc_tensor nc_generator_state(nc_generator* generator);
NC_API int32_t nc_generator_set_state(nc_generator* generator, nc_tensor state);

// --- optimizer steps -------------------------------------------------------------------------------------------------
// In place, in one pass: 1 when done, 0 (nothing changed) when the tensors are not float32 on the CPU, laid out alike.
typedef struct nc_sgd {
  double learning_rate, momentum, dampening, weight_decay;
  int32_t nesterov, maximize;
} nc_sgd;

typedef struct nc_adam {
  double learning_rate, beta1, beta2, epsilon, weight_decay;
  int64_t step;  // of this update, from 1
  int32_t decoupled, maximize;
} nc_adam;

// `buffers` is null without momentum.
NC_API int32_t nc_sgd_step(const nc_tensor* parameters, const nc_tensor* gradients, const nc_tensor* buffers, int32_t count, const nc_sgd* options);
// `largest` is null without AMSGrad.
NC_API int32_t nc_adam_step(const nc_tensor* parameters, const nc_tensor* gradients, const nc_tensor* means, const nc_tensor* squares,
                            const nc_tensor* largest, int32_t count, const nc_adam* options);

// --- TorchScript -----------------------------------------------------------------------------------------------------
typedef void (*nc_named_tensor)(void* context, const char* name, nc_tensor tensor);
typedef void (*nc_named_script)(void* context, const char* name, nc_script* module);
NC_API nc_script* nc_script_load(const char* path, int32_t device_type, int32_t device_index);
NC_API void nc_script_free(nc_script* module);
NC_API nc_tensor nc_script_forward(nc_script* module, const nc_tensor* inputs, int32_t count);
NC_API int32_t nc_script_parameters(nc_script* module, nc_named_tensor visit, void* context);
NC_API int32_t nc_script_buffers(nc_script* module, nc_named_tensor visit, void* context);
// All descendants by dotted name; whoever is visited owns the module.
NC_API int32_t nc_script_modules(nc_script* module, nc_named_script visit, void* context);
NC_API int32_t nc_script_train(nc_script* module, int32_t training);
