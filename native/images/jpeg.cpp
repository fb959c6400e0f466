#include <turbojpeg.h>

#include <cstring>
#include <memory>
#include <new>

#include "decode.hpp"

namespace nc {
namespace {

struct Close {
  void operator()(void* handle) const { tjDestroy(handle); }
};
using Decompressor = std::unique_ptr<void, Close>;

// A complete file has an end marker after its last start of scan; entropy-coded data never contains one.
bool is_complete(const std::vector<uint8_t>& bytes) {
  for (size_t i = bytes.size(); i-- > 1;) {
    if (bytes[i - 1] != 0xFF) continue;
    if (bytes[i] == 0xD9) return true;
    if (bytes[i] == 0xDA) return false;
  }
  return false;
}

// libjpeg decodes damaged data as well as it can and warns. Stray bytes between segments, which some cameras write,
// cost no pixel; every other warning means that pixels were lost.
bool is_harmless(const char* warning, const std::vector<uint8_t>& bytes) {
  return std::strstr(warning, "extraneous bytes before marker") != nullptr && is_complete(bytes);
}

void decompress(void* handle, const std::vector<uint8_t>& bytes, uint8_t* pixels, int width, int height, int format) {
  // TJFLAG_LIMITSCANS: a small progressive file with thousands of scans would keep a thread busy for minutes.
  if (tjDecompress2(handle, bytes.data(), bytes.size(), pixels, width, 0, height, format, TJFLAG_LIMITSCANS) == 0)
    return;
  const char* message = tjGetErrorStr2(handle);
  if (tjGetErrorCode(handle) == TJERR_WARNING && is_harmless(message, bytes)) return;
  if (std::strstr(message, "Insufficient memory") != nullptr || std::strstr(message, "Memory allocation failure") != nullptr)
    throw std::bad_alloc();
  throw ImageError(message);
}

// Adobe's convention, which every CMYK JPEG in practice follows: inks are stored inverted, so R = C' K' / 255.
void cmyk_to_rgb(const std::vector<uint8_t>& cmyk, std::vector<uint8_t>& rgb) {
  for (size_t i = 0, pixels = cmyk.size() / 4; i < pixels; ++i)
    for (size_t c = 0; c < 3; ++c)
      rgb[3 * i + c] = static_cast<uint8_t>((cmyk[4 * i + c] * cmyk[4 * i + 3] + 127) / 255);
}

}  // namespace

void decode_jpeg(const std::vector<uint8_t>& bytes, Raster& image) {
  // One per file: libjpeg keeps Huffman and quantisation tables, so a broken file would spoil those after it.
  const Decompressor decompressor{tjInitDecompress()};
  void* const handle = decompressor.get();
  if (handle == nullptr) throw std::bad_alloc();
  int width = 0, height = 0, subsampling = 0, colours = 0;
  const int status = tjDecompressHeader3(handle, bytes.data(), bytes.size(), &width, &height, &subsampling, &colours);
  if (status != 0 && tjGetErrorCode(handle) == TJERR_FATAL) throw ImageError(tjGetErrorStr2(handle));
  if (width < 1 || height < 1) throw ImageError("JPEG file ends before its image begins");
  image.reshape(width, height);
  if (colours == TJCS_CMYK || colours == TJCS_YCCK) {
    std::vector<uint8_t> cmyk(static_cast<size_t>(width) * height * 4);
    decompress(handle, bytes, cmyk.data(), width, height, TJPF_CMYK);
    cmyk_to_rgb(cmyk, image.rgb);
  } else {
    decompress(handle, bytes, image.rgb.data(), width, height, TJPF_RGB);
  }
}

}  // namespace nc
