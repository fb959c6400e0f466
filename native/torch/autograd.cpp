// Gradients, grad mode and inference mode.
#include <c10/core/GradMode.h>
#include <c10/core/InferenceMode.h>
#include <torch/csrc/autograd/autograd.h>
#include "handles.h"

NC_API int32_t nc_tensor_requires_grad(nc_tensor tensor) {
  return nc::guarded(int32_t{-1}, [&] { return static_cast<int32_t>(nc::borrow(tensor).requires_grad()); });
}

NC_API int32_t nc_tensor_set_requires_grad(nc_tensor tensor, int32_t value) {
  return nc::guarded([&] { nc::borrow(tensor).requires_grad_(value != 0); });
}

NC_API int32_t nc_tensor_is_leaf(nc_tensor tensor) {
  return nc::guarded(int32_t{-1}, [&] { return static_cast<int32_t>(nc::borrow(tensor).is_leaf()); });
}

NC_API int32_t nc_tensor_retain_grad(nc_tensor tensor) {
  return nc::guarded([&] { nc::borrow(tensor).retain_grad(); });
}

NC_API nc_tensor nc_tensor_grad(nc_tensor tensor) {
  return nc::guarded(nc_tensor{nullptr}, [&] { return nc::own(nc::borrow(tensor).grad()); });
}

NC_API int32_t nc_tensor_set_grad(nc_tensor tensor, nc_tensor gradient) {
  return nc::guarded([&] { nc::borrow(tensor).mutable_grad() = nc::borrow(gradient); });
}

NC_API int32_t nc_backward(const nc_tensor* tensors, const nc_tensor* gradients, int32_t count, int32_t retain_graph,
                           int32_t create_graph, const nc_tensor* inputs, int32_t input_count) {
  return nc::guarded([&] {
    torch::autograd::backward(nc::borrow(tensors, count), nc::borrow(gradients, gradients ? count : 0), retain_graph != 0,
                              create_graph != 0, nc::borrow(inputs, input_count));
  });
}

NC_API int32_t nc_grad(const nc_tensor* outputs, const nc_tensor* gradients, int32_t output_count, const nc_tensor* inputs,
                       int32_t input_count, int32_t retain_graph, int32_t create_graph, int32_t allow_unused, nc_tensor* results) {
  return nc::guarded([&] {
    auto computed =
        torch::autograd::grad(nc::borrow(outputs, output_count), nc::borrow(inputs, input_count),
                              nc::borrow(gradients, gradients ? output_count : 0), retain_graph != 0, create_graph != 0, allow_unused != 0);
    for (int32_t k = 0; k < input_count; ++k) results[k] = nc::own(computed[static_cast<size_t>(k)]);
  });
}

NC_API int32_t nc_grad_mode() { return c10::GradMode::is_enabled(); }
NC_API void nc_set_grad_mode(int32_t enabled) { c10::GradMode::set_enabled(enabled != 0); }

NC_API void* nc_inference_mode_enter(int32_t enabled) {
  return nc::guarded(static_cast<void*>(nullptr), [&]() -> void* { return new c10::InferenceMode(enabled != 0); });
}

NC_API void nc_inference_mode_leave(void* guard) { delete static_cast<c10::InferenceMode*>(guard); }
