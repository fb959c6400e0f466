// Handles and errors: what every part of the ABI shares.
#pragma once
#include <ATen/core/Tensor.h>
#include <atomic>
#include <exception>
#include <string>
#include <vector>
#include "nc_torch.h"

namespace nc {

extern std::atomic<int64_t> live_tensors;
void remember_error(const char* message) noexcept;

/// A handle that owns one reference; null for an undefined tensor.
inline nc_tensor own(at::Tensor tensor) {
  if (!tensor.defined()) return nullptr;
  live_tensors.fetch_add(1, std::memory_order_relaxed);
  return tensor.unsafeReleaseTensorImpl();
}

/// A tensor of its own reference from a handle that stays with the caller.
inline at::Tensor borrow(nc_tensor handle) {
  if (handle == nullptr) return {};
  return at::Tensor(c10::intrusive_ptr<at::TensorImpl, at::UndefinedTensorImpl>::unsafe_reclaim_from_nonowning(
      static_cast<at::TensorImpl*>(handle)));
}

inline at::TensorImpl* impl(nc_tensor handle) { return static_cast<at::TensorImpl*>(handle); }

inline std::vector<at::Tensor> borrow(const nc_tensor* handles, int32_t count) {
  std::vector<at::Tensor> tensors;
  tensors.reserve(count);
  for (int32_t k = 0; k < count; ++k) tensors.push_back(borrow(handles[k]));
  return tensors;
}

inline c10::Device device(int32_t type, int32_t index) {
  return {static_cast<c10::DeviceType>(type), static_cast<c10::DeviceIndex>(index)};
}

/// Runs `body`; an exception becomes `failure`, with its message kept for nc_last_error.
template <class Result, class Body>
Result guarded(Result failure, Body&& body) noexcept {
  try {
    return body();
  } catch (const c10::Error& error) {
    remember_error(error.what_without_backtrace());
  } catch (const std::exception& error) {
    remember_error(error.what());
  } catch (...) {
    remember_error("libtorch threw something that is not a std::exception");
  }
  return failure;
}

template <class Body>
int32_t guarded(Body&& body) noexcept {
  return guarded(int32_t{-1}, [&] {
    body();
    return int32_t{0};
  });
}

}  // namespace nc

struct nc_generator {
  at::Generator generator;
};
