// Images that come decoded: resized as decoded files are.
#include <algorithm>
#include <atomic>
#include <new>
#include <thread>

#include "nc_images.h"
#include "raster.hpp"
#include "resize.hpp"

namespace {

class Planes {
 public:
  Planes(const uint8_t* planes, int count, int side, int size, uint8_t* out)
      : planes_(planes), count_(count), side_(side), size_(size), out_(out) {}

  // Works until no image is left, or memory is short; any number of threads may do so at once.
  void work() noexcept {
    try {
      nc::Resizer resize(size_);
      nc::Raster image;
      image.reshape(side_, side_);
      const size_t plane = static_cast<size_t>(side_) * side_;
      for (int i; (i = next_.fetch_add(1)) < count_;) {
        const uint8_t* const source = planes_ + static_cast<size_t>(i) * plane * 3;
        for (size_t p = 0; p < plane; ++p)
          for (size_t c = 0; c < 3; ++c) image.rgb[3 * p + c] = source[c * plane + p];
        resize(image, out_ + static_cast<size_t>(i) * size_ * size_ * 3);
      }
    } catch (...) {
      failed_ = true;
    }
  }

  bool failed() const { return failed_; }

 private:
  const uint8_t* planes_;
  int count_;
  int side_;
  int size_;
  uint8_t* out_;
  std::atomic<int> next_{0};
  std::atomic<bool> failed_{false};
};

}  // namespace

int32_t nc_images_resize(const uint8_t* planes, int32_t count, int32_t side, int32_t size, int32_t threads, uint8_t* out) {
  if (count < 0 || side < 1 || side > 4096 || size < 1 || size > 4096 || threads < 1) return -1;
  try {
    Planes work(planes, count, side, size, out);
    std::vector<std::thread> others;
    const int useful = std::min(threads, count);
    others.reserve(static_cast<size_t>(std::max(useful - 1, 0)));
    try {
      for (int t = 1; t < useful; ++t) others.emplace_back(&Planes::work, &work);
    } catch (const std::exception&) {
      // Fewer threads than asked for, down to this one, do the same work.
    }
    work.work();
    for (auto& other : others) other.join();
    return work.failed() ? -2 : 0;
  } catch (const std::bad_alloc&) {
    return -2;
  }
}
