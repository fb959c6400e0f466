// Tensors and memory: creation from bytes, shape, type, data pointer, lifetime.
#include <ATen/ops/empty.h>
#include <cstring>
#include "handles.h"

namespace nc {

std::atomic<int64_t> live_tensors{0};

namespace {
thread_local std::string last_error;
}

void remember_error(const char* message) noexcept {
  try {
    last_error = message;
  } catch (...) {
    last_error.clear();
  }
}

template <class Values>
int32_t copy_out(const Values& values, int64_t* out, int32_t capacity) {
  auto count = static_cast<int32_t>(values.size());
  for (int32_t k = 0; k < std::min(count, capacity); ++k) out[k] = values[static_cast<size_t>(k)];
  return count;
}

}  // namespace nc

NC_API const char* nc_last_error() { return nc::last_error.c_str(); }

NC_API nc_tensor nc_tensor_from_memory(const void* data, int64_t bytes, const int64_t* sizes, int32_t dimensions, int32_t dtype) {
  return nc::guarded(nc_tensor{nullptr}, [&] {
    auto tensor = at::empty(at::IntArrayRef(sizes, static_cast<size_t>(dimensions)),
                            at::TensorOptions().dtype(static_cast<at::ScalarType>(dtype)));
    auto expected = static_cast<int64_t>(tensor.nbytes());
    TORCH_CHECK(bytes == expected, "a tensor of sizes ", tensor.sizes(), " and type ", tensor.scalar_type(), " takes ", expected,
                " bytes, not ", bytes);
    if (bytes > 0) std::memcpy(tensor.data_ptr(), data, static_cast<size_t>(bytes));
    return nc::own(std::move(tensor));
  });
}

NC_API nc_tensor nc_tensor_share(nc_tensor tensor) { return nc::own(nc::borrow(tensor)); }

NC_API void nc_tensor_free(nc_tensor tensor) {
  if (tensor == nullptr) return;
  nc::live_tensors.fetch_sub(1, std::memory_order_relaxed);
  nc::guarded([&] { c10::intrusive_ptr<at::TensorImpl, at::UndefinedTensorImpl>::reclaim(nc::impl(tensor)); });
}

NC_API int64_t nc_tensor_live_count() { return nc::live_tensors.load(std::memory_order_relaxed); }
NC_API int64_t nc_tensor_dim(nc_tensor tensor) { return nc::impl(tensor)->dim(); }
NC_API int64_t nc_tensor_numel(nc_tensor tensor) { return nc::impl(tensor)->numel(); }

NC_API int32_t nc_tensor_sizes(nc_tensor tensor, int64_t* sizes, int32_t capacity) {
  return nc::guarded(int32_t{-1}, [&] { return nc::copy_out(nc::impl(tensor)->sizes(), sizes, capacity); });
}

NC_API int32_t nc_tensor_strides(nc_tensor tensor, int64_t* strides, int32_t capacity) {
  return nc::guarded(int32_t{-1}, [&] { return nc::copy_out(nc::impl(tensor)->strides(), strides, capacity); });
}

NC_API int32_t nc_tensor_dtype(nc_tensor tensor) {
  return static_cast<int32_t>(c10::typeMetaToScalarType(nc::impl(tensor)->dtype()));
}

NC_API int32_t nc_tensor_element_size(nc_tensor tensor) { return static_cast<int32_t>(nc::impl(tensor)->itemsize()); }
NC_API int32_t nc_tensor_device_type(nc_tensor tensor) { return static_cast<int32_t>(nc::impl(tensor)->device_type()); }
NC_API int32_t nc_tensor_device_index(nc_tensor tensor) { return nc::impl(tensor)->device().index(); }

NC_API int32_t nc_tensor_is_contiguous(nc_tensor tensor, int32_t memory_format) {
  return nc::guarded(int32_t{-1}, [&] {
    return static_cast<int32_t>(nc::impl(tensor)->is_contiguous(static_cast<at::MemoryFormat>(memory_format)));
  });
}

NC_API void* nc_tensor_data(nc_tensor tensor) {
  return nc::guarded(static_cast<void*>(nullptr), [&] { return nc::borrow(tensor).data_ptr(); });
}
