#include "resize.hpp"

#include <algorithm>
#include <cmath>

namespace nc {
namespace {

constexpr int fraction_bits = 32 - 8 - 2;  // 8 bits of pixel, one of sign, one of headroom
constexpr int32_t half = 1 << (fraction_bits - 1);

uint8_t to_byte(int32_t sum) {
  return static_cast<uint8_t>(std::clamp(sum >> fraction_bits, 0, 255));
}

}  // namespace

void Resizer::prepare(Taps& taps, int input, int output) {
  if (taps.input == input) return;
  const double scale = static_cast<double>(input) / output;
  const double support = std::max(scale, 1.0);
  taps.input = input;
  taps.width = static_cast<int>(std::ceil(support)) * 2 + 1;
  taps.first.assign(output, 0);
  taps.count.assign(output, 0);
  taps.weights.assign(static_cast<size_t>(output) * taps.width, 0);
  std::vector<double> triangle(taps.width);
  for (int o = 0; o < output; ++o) {
    const double centre = (o + 0.5) * scale;
    const int first = std::max(static_cast<int>(centre - support + 0.5), 0);
    const int last = std::min(static_cast<int>(centre + support + 0.5), input);
    double total = 0;
    for (int i = first; i < last; ++i) {
      triangle[i - first] = std::max(0.0, 1.0 - std::abs((i - centre + 0.5) / support));
      total += triangle[i - first];
    }
    taps.first[o] = first;
    taps.count[o] = last - first;
    for (int i = 0; i < last - first; ++i)
      taps.weights[static_cast<size_t>(o) * taps.width + i] =
          static_cast<int32_t>(0.5 + triangle[i] / total * (1 << fraction_bits));
  }
}

void Resizer::operator()(const Raster& image, uint8_t* out) {
  const int size = size_;
  const size_t plane = static_cast<size_t>(size) * size;
  const uint8_t* source = image.rgb.data();

  if (image.width != size) {
    prepare(columns_, image.width, size);
    narrowed_.resize(static_cast<size_t>(image.height) * size * 3);
    for (int y = 0; y < image.height; ++y) {
      const uint8_t* row = image.rgb.data() + static_cast<size_t>(y) * image.width * 3;
      uint8_t* target = narrowed_.data() + static_cast<size_t>(y) * size * 3;
      for (int x = 0; x < size; ++x) {
        const int32_t* weight = &columns_.weights[static_cast<size_t>(x) * columns_.width];
        const uint8_t* pixel = row + static_cast<size_t>(columns_.first[x]) * 3;
        int32_t r = half, g = half, b = half;
        for (int i = 0; i < columns_.count[x]; ++i, pixel += 3) {
          r += pixel[0] * weight[i];
          g += pixel[1] * weight[i];
          b += pixel[2] * weight[i];
        }
        target[3 * x] = to_byte(r);
        target[3 * x + 1] = to_byte(g);
        target[3 * x + 2] = to_byte(b);
      }
    }
    source = narrowed_.data();
  }

  const size_t stride = static_cast<size_t>(size) * 3;
  if (image.height == size) {
    for (size_t i = 0; i < plane; ++i)
      for (size_t c = 0; c < 3; ++c) out[c * plane + i] = source[3 * i + c];
    return;
  }
  prepare(rows_, image.height, size);
  std::vector<int32_t> sums(stride);
  for (int y = 0; y < size; ++y) {
    const int32_t* weight = &rows_.weights[static_cast<size_t>(y) * rows_.width];
    std::fill(sums.begin(), sums.end(), half);
    for (int i = 0; i < rows_.count[y]; ++i) {
      const uint8_t* row = source + (static_cast<size_t>(rows_.first[y]) + i) * stride;
      for (size_t x = 0; x < stride; ++x) sums[x] += row[x] * weight[i];
    }
    for (size_t x = 0; x < static_cast<size_t>(size); ++x)
      for (size_t c = 0; c < 3; ++c) out[c * plane + static_cast<size_t>(y) * size + x] = to_byte(sums[3 * x + c]);
  }
}

}  // namespace nc
