#include "resize.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace nc {
namespace {

constexpr int fraction_bits = 32 - 8 - 2;  // 8 bits of pixel, one of sign, one of headroom
constexpr int32_t half = 1 << (fraction_bits - 1);

uint8_t to_byte(int32_t sum) {
  return static_cast<uint8_t>(std::clamp(sum >> fraction_bits, 0, 255));
}

// Compiled for both kinds of processor; the loader chooses.
#if defined(__x86_64__)
__attribute__((target_clones("avx2", "default")))
#endif
void add_row(const uint8_t* __restrict row, int32_t weight, int32_t* __restrict sums, size_t count) {
  for (size_t x = 0; x < count; ++x) sums[x] += row[x] * weight;
}

bool has_avx2() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx2");
#else
  return false;
#endif
}

}  // namespace

void Resizer::prepare(Taps& taps, int input, int output) {
  if (taps.input == input) return;
  const double scale = static_cast<double>(input) / output;
  const double support = std::max(scale, 1.0);
  taps.input = input;
  taps.width = static_cast<int>(std::ceil(support)) * 2 + 2;  // an even number: vectors take two at a time
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

void Resizer::narrow_plain(const Raster& image, int first_row) {
  for (int y = first_row; y < image.height; ++y) {
    const uint8_t* row = image.rgb.data() + static_cast<size_t>(y) * image.width * 3;
    uint8_t* target = narrowed_.data() + static_cast<size_t>(y) * size_ * 3;
    for (int x = 0; x < size_; ++x) {
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
}

#if defined(__x86_64__)
// Two rows at once, one in each half of a register, and two taps in one multiplication, which adds their products. It takes
// 16 bits of each factor; so a weight w is cut in two, w = high * 2^11 + low, and the sums are joined at the end: the same integer.
__attribute__((target("avx2"))) void Resizer::narrow_avx2(const Raster& image) {
  constexpr int low_bits = 11;
  const size_t stride = static_cast<size_t>(image.width) * 3;
  // Two pixels RGBRGB to 16-bit pairs RR GG BB.
  const __m256i pairs = _mm256_broadcastsi128_si256(_mm_setr_epi8(0, -1, 3, -1, 1, -1, 4, -1, 2, -1, 5, -1, -1, -1, -1, -1));
  std::vector<uint32_t> weights(columns_.weights.size());  // for each two taps their high parts, then their low ones
  for (size_t i = 0; i < weights.size(); i += 2) {
    const auto first = static_cast<uint32_t>(columns_.weights[i]), second = static_cast<uint32_t>(columns_.weights[i + 1]);
    constexpr uint32_t low = (1u << low_bits) - 1;
    weights[i] = first >> low_bits | second >> low_bits << 16;
    weights[i + 1] = (first & low) | (second & low) << 16;
  }
  int y = 0;
  for (; y + 2 <= image.height; y += 2) {
    const uint8_t* row = image.rgb.data() + y * stride;
    uint8_t* target = narrowed_.data() + static_cast<size_t>(y) * size_ * 3;
    for (int x = 0; x < size_; ++x) {
      const uint32_t* weight = &weights[static_cast<size_t>(x) * columns_.width];
      const uint8_t* pixel = row + static_cast<size_t>(columns_.first[x]) * 3;
      __m256i high = _mm256_setzero_si256(), low = _mm256_set1_epi32(half);
      for (int i = 0; i < columns_.count[x]; i += 2, pixel += 6) {
        const __m128i upper = _mm_loadu_si128(reinterpret_cast<const __m128i*>(pixel));
        const __m128i lower = _mm_loadu_si128(reinterpret_cast<const __m128i*>(pixel + stride));
        const __m256i both = _mm256_shuffle_epi8(_mm256_inserti128_si256(_mm256_castsi128_si256(upper), lower, 1), pairs);
        high = _mm256_add_epi32(high, _mm256_madd_epi16(both, _mm256_set1_epi32(static_cast<int>(weight[i]))));
        low = _mm256_add_epi32(low, _mm256_madd_epi16(both, _mm256_set1_epi32(static_cast<int>(weight[i + 1]))));
      }
      const __m256i sum = _mm256_srai_epi32(_mm256_add_epi32(_mm256_slli_epi32(high, low_bits), low), fraction_bits);
      const __m256i bytes = _mm256_packus_epi16(_mm256_packs_epi32(sum, sum), sum);
      const int32_t first = _mm256_extract_epi32(bytes, 0), second = _mm256_extract_epi32(bytes, 4);
      std::memcpy(target + 3 * x, &first, 3);
      std::memcpy(target + 3 * (size_ + x), &second, 3);
    }
  }
  narrow_plain(image, y);
}
#else
void Resizer::narrow_avx2(const Raster& image) { narrow_plain(image, 0); }
#endif

void Resizer::operator()(const Raster& image, uint8_t* out) {
  const int size = size_;
  const size_t plane = static_cast<size_t>(size) * size;
  const uint8_t* source = image.rgb.data();

  if (image.width != size) {
    prepare(columns_, image.width, size);
    narrowed_.resize(static_cast<size_t>(image.height) * size * 3);
    if (has_avx2())
      narrow_avx2(image);
    else
      narrow_plain(image, 0);
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
      add_row(source + (static_cast<size_t>(rows_.first[y]) + i) * stride, weight[i], sums.data(), stride);
    }
    for (size_t x = 0; x < static_cast<size_t>(size); ++x)
      for (size_t c = 0; c < 3; ++c) out[c * plane + static_cast<size_t>(y) * size + x] = to_byte(sums[3 * x + c]);
  }
}

}  // namespace nc
