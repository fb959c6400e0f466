#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstring>
#include <mutex>
#include <new>
#include <thread>

#include "decode.hpp"
#include "nc_images.h"
#include "resize.hpp"

namespace {

class Batch {
 public:
  Batch(const char* const* paths, int count, int size, int threads, uint8_t* out)
      : paths_(paths), count_(count), size_(size), chunk_(std::clamp(count / threads / 4, 1, 16)), out_(out) {
    errors_.reserve(static_cast<size_t>(count));  // so that reporting a failure cannot itself run out of memory
  }

  // Works until no file is left; any number of threads may do so at once.
  void work() {
    nc::Resizer resize(size_);
    nc::Raster image;
    std::vector<uint8_t> bytes;
    for (int start; (start = next_.fetch_add(chunk_)) < count_;)
      for (int i = start; i < std::min(start + chunk_, count_); ++i) {
        uint8_t* const planes = out_ + static_cast<size_t>(i) * size_ * size_ * 3;
        try {
          nc::read_file(paths_[i], bytes);
          nc::decode(bytes, image);
          resize(image, planes);
        } catch (const std::bad_alloc&) {
          fail(i, planes, NC_IMAGE_NO_MEMORY, "out of memory");
        } catch (const nc::ReadError& e) {
          fail(i, planes, NC_IMAGE_UNREAD, e.what());
        } catch (const std::exception& e) {
          fail(i, planes, NC_IMAGE_BROKEN, e.what());
        }
      }
  }

  int report(nc_image_error* errors, int max_errors) {
    std::sort(errors_.begin(), errors_.end(),
              [](const nc_image_error& a, const nc_image_error& b) { return a.index < b.index; });
    std::copy_n(errors_.begin(), std::min<size_t>(errors_.size(), std::max(max_errors, 0)), errors);
    return static_cast<int>(errors_.size());
  }

 private:
  void fail(int index, uint8_t* planes, nc_image_fault fault, const char* message) {
    std::memset(planes, 0, static_cast<size_t>(size_) * size_ * 3);
    nc_image_error error{};
    error.index = index;
    error.fault = fault;
    std::snprintf(error.message, sizeof error.message, "%s", message);
    const std::lock_guard<std::mutex> lock(mutex_);
    errors_.push_back(error);
  }

  const char* const* paths_;
  int count_;
  int size_;
  int chunk_;  // files taken at once: a small one costs less than contending for the counter
  uint8_t* out_;
  std::atomic<int> next_{0};
  std::mutex mutex_;
  std::vector<nc_image_error> errors_;
};

}  // namespace

int32_t nc_images_decode(const char* const* paths, int32_t count, int32_t size, int32_t threads, uint8_t* out,
                         nc_image_error* errors, int32_t max_errors) {
  if (count < 0 || size < 1 || size > 4096 || threads < 1 || max_errors < 0) return -1;
  try {
    Batch batch(paths, count, size, threads, out);
    std::vector<std::thread> others;
    const int useful = std::min(threads, count);
    others.reserve(static_cast<size_t>(std::max(useful - 1, 0)));
    try {
      for (int t = 1; t < useful; ++t) others.emplace_back(&Batch::work, &batch);
    } catch (const std::exception&) {
      // No thread or no memory for one: fewer than asked for, down to this one, do the same work.
    }
    batch.work();
    for (auto& other : others) other.join();
    return batch.report(errors, max_errors);
  } catch (const std::bad_alloc&) {
    return -2;
  }
}
