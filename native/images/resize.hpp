#pragma once
#include "raster.hpp"

namespace nc {

// Bilinear with antialias to size x size, as PIL's resize(BILINEAR) and therefore torchvision's Resize do it, to the bit:
// a triangle filter whose support grows with the reduction, columns before rows, 8 bits in between. Identity where the
// image has that size already. `out` is planar: 3 x size x size.
class Resizer {
 public:
  explicit Resizer(int size) : size_(size) {}
  void operator()(const Raster& image, uint8_t* out);

 private:
  // For each output position: first input position, number of inputs, and their fixed-point weights; those after the last are 0.
  struct Taps {
    int input = 0;
    int width = 0;  // weights per output
    std::vector<int> first;
    std::vector<int> count;
    std::vector<int32_t> weights;
  };
  static void prepare(Taps& taps, int input, int output);
  void narrow_plain(const Raster& image, int first_row);
  void narrow_avx2(const Raster& image);

  int size_;
  Taps columns_;  // kept between images: most data sets have few sizes
  Taps rows_;
  std::vector<uint8_t> narrowed_;
};

}  // namespace nc
