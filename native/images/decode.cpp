#include "decode.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <system_error>

namespace nc {
namespace {

constexpr int64_t max_file_bytes = 512LL << 20;

struct Descriptor {
  int fd;
  ~Descriptor() {
    if (fd >= 0) close(fd);
  }
};

// What the path itself is to blame for; anything else (EIO, EMFILE, ENOMEM, ESTALE, ...) is the machine's fault.
bool is_about_the_file(int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR:
    case EACCES:
    case EPERM:
    case ELOOP:
    case ENAMETOOLONG:
    case ENXIO:
      return true;
    default:
      return false;
  }
}

[[noreturn]] void fail_with_errno(const char* what) {
  const int error = errno;
  const auto message = std::string(what) + ": " + std::generic_category().message(error);
  if (is_about_the_file(error)) throw ImageError(message);
  throw ReadError(message);
}

bool starts_with(const std::vector<uint8_t>& bytes, const char* magic, size_t length) {
  return bytes.size() >= length && std::memcmp(bytes.data(), magic, length) == 0;
}

}  // namespace

void read_file(const char* path, std::vector<uint8_t>& bytes) {
  // O_NONBLOCK: opening a FIFO must not hang; it has no effect on regular files.
  Descriptor file{open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  if (file.fd < 0) fail_with_errno("cannot open");
  struct stat info {};
  if (fstat(file.fd, &info) != 0) fail_with_errno("cannot read");
  if (!S_ISREG(info.st_mode)) throw ImageError("not a regular file");
  if (info.st_size == 0) throw ImageError("file is empty");
  if (info.st_size > max_file_bytes)
    throw ImageError("file has " + std::to_string(info.st_size) + " bytes; accepted are at most " +
                     std::to_string(max_file_bytes));
  bytes.resize(static_cast<size_t>(info.st_size));
  size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t n = read(file.fd, bytes.data() + done, bytes.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail_with_errno("cannot read");
    if (n == 0) throw ImageError("file shrank while it was read");
    done += static_cast<size_t>(n);
  }
}

void decode(const std::vector<uint8_t>& bytes, Raster& image) {
  if (starts_with(bytes, "\xFF\xD8\xFF", 3)) return decode_jpeg(bytes, image);
  if (starts_with(bytes, "\x89PNG\r\n\x1A\n", 8)) return decode_png(bytes, image);
  char start[16] = "";
  for (size_t i = 0; i < 4 && i < bytes.size(); ++i) std::snprintf(start + 3 * i, 4, " %02x", bytes[i]);
  throw ImageError(std::string("neither JPEG nor PNG (starts with") + start + ")");
}

}  // namespace nc
