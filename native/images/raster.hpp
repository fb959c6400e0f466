#pragma once
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace nc {

// The file is no image that can be used; what() is the decoder's own message where there is one.
struct ImageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// The file could not be read for a reason that is not its own.
struct ReadError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Interleaved 8-bit RGB, rows top to bottom. Buffers are reused from file to file.
struct Raster {
  static constexpr size_t slack = 16;  // bytes after the last pixel, so that a vector may be loaded from where it begins

  int width = 0;
  int height = 0;
  std::vector<uint8_t> rgb;

  // Throws where the header asks for more pixels than any photograph has, before memory is taken for them.
  void reshape(int64_t w, int64_t h) {
    constexpr int64_t max_pixels = 100'000'000;
    constexpr int64_t max_side = 65'500;
    if (w < 1 || h < 1 || w > max_side || h > max_side || w * h > max_pixels)
      throw ImageError("image is " + std::to_string(w) + "x" + std::to_string(h) +
                       " pixels; accepted are sides of 1 to " + std::to_string(max_side) + " and at most " +
                       std::to_string(max_pixels) + " pixels");
    width = static_cast<int>(w);
    height = static_cast<int>(h);
    rgb.resize(static_cast<size_t>(w) * h * 3 + slack);
  }
};

}  // namespace nc
