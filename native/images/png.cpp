#include <png.h>

#include <csetjmp>
#include <cstdio>
#include <cstring>
#include <new>

#include "decode.hpp"

namespace nc {
namespace {

// libpng leaves by longjmp, which runs no destructor. So everything between setjmp and longjmp is plain data,
// and what owns memory lives in the callers of the two functions that call setjmp.
struct Session {
  png_structp png = nullptr;
  png_infop info = nullptr;
  const uint8_t* next = nullptr;
  size_t left = 0;
  char message[200] = "";

  ~Session() { png_destroy_read_struct(&png, &info, nullptr); }
};

void on_error(png_structp png, png_const_charp message) {
  auto* session = static_cast<Session*>(png_get_error_ptr(png));
  std::snprintf(session->message, sizeof session->message, "%s", message);
  png_longjmp(png, 1);
}

void on_warning(png_structp, png_const_charp) {}

void on_read(png_structp png, png_bytep target, size_t length) {
  auto* session = static_cast<Session*>(png_get_io_ptr(png));
  if (length > session->left) png_error(png, "file is truncated");
  std::memcpy(target, session->next, length);
  session->next += length;
  session->left -= length;
}

[[noreturn]] void fail(const Session& session) {
  if (std::strcmp(session.message, "Out of memory") == 0 || std::strcmp(session.message, "insufficient memory") == 0)
    throw std::bad_alloc();
  throw ImageError(session.message);
}

bool read_header(Session& session) {
  if (setjmp(png_jmpbuf(session.png)) != 0) return false;
  png_set_read_fn(session.png, &session, on_read);
  png_set_user_limits(session.png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);  // Raster::reshape judges, with a better message
  png_read_info(session.png, session.info);
  return true;
}

// Palette, grey, 1 to 16 bits and alpha all become 8-bit RGB. Alpha is dropped, not blended, as PIL's convert("RGB") does.
bool read_pixels(Session& session, png_bytepp rows, size_t stride) {
  if (setjmp(png_jmpbuf(session.png)) != 0) return false;
  png_set_strip_16(session.png);
  png_set_expand(session.png);
  png_set_gray_to_rgb(session.png);
  png_set_strip_alpha(session.png);
  png_set_interlace_handling(session.png);
  png_read_update_info(session.png, session.info);
  if (png_get_rowbytes(session.png, session.info) != stride) png_error(session.png, "unexpected pixel layout");
  png_read_image(session.png, rows);
  png_read_end(session.png, nullptr);
  return true;
}

}  // namespace

void decode_png(const std::vector<uint8_t>& bytes, Raster& image) {
  Session session;
  session.next = bytes.data();
  session.left = bytes.size();
  session.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &session, on_error, on_warning);
  session.info = session.png == nullptr ? nullptr : png_create_info_struct(session.png);
  if (session.info == nullptr) throw std::bad_alloc();

  if (!read_header(session)) fail(session);
  image.reshape(png_get_image_width(session.png, session.info), png_get_image_height(session.png, session.info));
  const size_t stride = static_cast<size_t>(image.width) * 3;
  std::vector<png_bytep> rows(static_cast<size_t>(image.height));
  for (size_t y = 0; y < rows.size(); ++y) rows[y] = image.rgb.data() + y * stride;
  if (!read_pixels(session, rows.data(), stride)) fail(session);
}

}  // namespace nc
