// The C ABI of libnc_images.so. No exception and no signal crosses it; a bad file is a value in `errors`.
#pragma once
#include <stdint.h>

#define NC_IMAGES_API extern "C" __attribute__((visibility("default")))

// What is to blame: the file itself, or the machine, which may do better another time.
enum nc_image_fault : int32_t {
  NC_IMAGE_BROKEN = 0,
  NC_IMAGE_NO_MEMORY = 1,
  NC_IMAGE_UNREAD = 2,  // a failing disk, no more file descriptors, ...
};

// Why one file could not be decoded. `message` is UTF-8, cut to fit, always terminated.
struct nc_image_error {
  int32_t index;
  int32_t fault;
  char message[248];
};

// Decodes `count` JPEG or PNG files to RGB, resizes each to size x size (bilinear with antialias, aspect ratio not kept)
// and writes them to `out`: uint8, count x 3 x size x size, contiguous. The planes of a file that failed are zeroed.
// At most `threads` threads work at once. The first `max_errors` errors by file index are written to `errors`.
// Returns the number of files that failed; -1 if an argument is out of range (size 1 ... 4096, threads >= 1), -2 if there is no
// memory even to begin.
NC_IMAGES_API int32_t nc_images_decode(const char* const* paths, int32_t count, int32_t size, int32_t threads,
                                       uint8_t* out, nc_image_error* errors, int32_t max_errors);

// Resizes `count` square images as nc_images_decode does: `planes` is uint8, count x 3 x side x side, `out` uint8, count x 3 x size x size.
// Returns 0; -1 if an argument is out of range, -2 if memory is short (what is in `out` then is no result).
NC_IMAGES_API int32_t nc_images_resize(const uint8_t* planes, int32_t count, int32_t side, int32_t size, int32_t threads,
                                       uint8_t* out);
