#pragma once
#include "raster.hpp"

namespace nc {

// Reads a regular file whole. Throws, with the system's message, ImageError where there is no such file or it may not be read,
// ReadError where the system fails.
void read_file(const char* path, std::vector<uint8_t>& bytes);

// Decodes by content, whatever the file is called. Throws ImageError, or std::bad_alloc.
void decode(const std::vector<uint8_t>& bytes, Raster& image);

void decode_jpeg(const std::vector<uint8_t>& bytes, Raster& image);
void decode_png(const std::vector<uint8_t>& bytes, Raster& image);

}  // namespace nc
