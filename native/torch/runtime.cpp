// Threads, devices and random numbers.
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <c10/core/impl/VirtualGuardImpl.h>
#include <dlfcn.h>
#include <torch/version.h>
#include <mutex>
#include "handles.h"

namespace {

/// libtorch's default generator of a device; CUDA's are created by the context on first use.
at::Generator default_generator(int32_t type, int32_t index) {
  if (static_cast<c10::DeviceType>(type) == c10::DeviceType::CPU) return at::detail::getDefaultCPUGenerator();
  return at::globalContext().defaultGenerator(nc::device(type, index));
}

/// OpenBLAS built on pthreads, as Debian's, has a pool of its own, of which ATen knows nothing.
void set_openblas_threads(int32_t count) {
  if (auto set = dlsym(RTLD_DEFAULT, "openblas_set_num_threads")) reinterpret_cast<void (*)(int)>(set)(count);
}

template <class Body>
auto locked(nc_generator* generator, Body&& body) {
  std::lock_guard<std::mutex> lock(generator->generator.mutex());
  return body(generator->generator);
}

}  // namespace

NC_API const char* nc_version() { return TORCH_VERSION; }
NC_API int32_t nc_num_threads() { return at::get_num_threads(); }

NC_API int32_t nc_set_num_threads(int32_t count) {
  return nc::guarded([&] {
    at::set_num_threads(count);
    set_openblas_threads(count);
  });
}

NC_API int32_t nc_num_interop_threads() { return static_cast<int32_t>(at::get_num_interop_threads()); }

NC_API int32_t nc_set_num_interop_threads(int32_t count) {
  return nc::guarded([&] { at::set_num_interop_threads(count); });
}

NC_API int32_t nc_device_count(int32_t device_type) {
  return nc::guarded(int32_t{-1}, [&]() -> int32_t {
    auto type = static_cast<c10::DeviceType>(device_type);
    return c10::impl::hasDeviceGuardImpl(type) ? c10::impl::getDeviceGuardImpl(type)->deviceCount() : 0;
  });
}

NC_API int32_t nc_synchronize(int32_t device_type, int32_t index) {
  return nc::guarded([&] {
    c10::impl::VirtualGuardImpl guard(static_cast<c10::DeviceType>(device_type));
    guard.getStream(index < 0 ? guard.getDevice() : nc::device(device_type, index)).synchronize();
  });
}

NC_API int32_t nc_manual_seed(uint64_t seed) {
  return nc::guarded([&] { at::manual_seed(seed); });
}

NC_API nc_generator* nc_generator_new(uint64_t seed, int32_t device_type, int32_t index) {
  return nc::guarded(static_cast<nc_generator*>(nullptr), [&] {
    auto generator = default_generator(device_type, index).clone();
    generator.set_current_seed(seed);
    return new nc_generator{generator};
  });
}

NC_API nc_generator* nc_generator_default(int32_t device_type, int32_t index) {
  return nc::guarded(static_cast<nc_generator*>(nullptr), [&] { return new nc_generator{default_generator(device_type, index)}; });
}

NC_API void nc_generator_free(nc_generator* generator) { delete generator; }

NC_API int32_t nc_generator_seed(nc_generator* generator, uint64_t seed) {
  return nc::guarded([&] { locked(generator, [&](at::Generator& target) { target.set_current_seed(seed); }); });
}

NC_API uint64_t nc_generator_initial_seed(nc_generator* generator) {
  return nc::guarded(uint64_t{0}, [&] { return locked(generator, [](at::Generator& source) { return source.current_seed(); }); });
}

NC_API nc_tensor nc_generator_state(nc_generator* generator) {
  return nc::guarded(nc_tensor{nullptr}, [&] {
    return locked(generator, [](at::Generator& source) { return nc::own(source.get_state()); });
  });
}

NC_API int32_t nc_generator_set_state(nc_generator* generator, nc_tensor state) {
  return nc::guarded([&] { locked(generator, [&](at::Generator& target) { target.set_state(nc::borrow(state)); }); });
}
