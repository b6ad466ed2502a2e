#include "sockets.h"
#include "text.h"

struct poll_entry {
  int file;
  short events;
  short happened;
};

u16 network_order(long port) { return (u16)((port & 0xff) << 8 | (port >> 8 & 0xff)); }

int ready(int file, int events, long deadline) {
  for (;;) {
    long left = deadline - now_millis();
    if (left < 0) {
      left = 0;
    }
    struct span rest = {left / 1000, left % 1000 * 1000000};
    struct poll_entry entry = {file, (short)events, 0};
    long n = kernel_call(SYS_PPOLL, (long)&entry, 1, (long)&rest, 0, 0, 0);
    if (n > 0) {
      return 1;
    }
    if (n == 0 || n != -E_INTR) {
      return 0;
    }
  }
}

long connect_until(u32 address, long port, long deadline) {
  enum { NON_BLOCKING = 04000, STREAM = 1, INTERNET = 2, SOCKET_LEVEL = 1, ERROR_OPTION = 4 };
  struct socket_address to;
  memset(&to, 0, sizeof to);
  to.family = INTERNET;
  to.port = network_order(port);
  to.address = address;
  long file = call3(SYS_SOCKET, INTERNET, STREAM | NON_BLOCKING, 0);
  if (file < 0) {
    return file;
  }
  long result = call3(SYS_CONNECT, file, (long)&to, sizeof to);
  if (result == -E_IN_PROGRESS) {
    int error = 0;
    u32 size = sizeof error;
    if (!ready((int)file, 4, deadline)) {
      call1(SYS_CLOSE, file);
      return -110;
    }
    kernel_call(SYS_GETSOCKOPT, file, SOCKET_LEVEL, ERROR_OPTION, (long)&error, (long)&size, 0);
    result = -error;
  }
  if (result < 0) {
    call1(SYS_CLOSE, file);
    return result;
  }
  return file;
}

long read_until(int file, void *buffer, long size, long deadline) {
  for (;;) {
    long n = call3(SYS_READ, file, (long)buffer, size);
    if (n == -E_INTR) {
      continue;
    }
    if (n != -E_AGAIN) {
      return n;
    }
    if (!ready(file, 1, deadline)) {
      return -110;
    }
  }
}

int write_until(int file, const void *data, long size, long deadline) {
  const char *from = data;
  while (size > 0) {
    long n = call3(SYS_WRITE, file, (long)from, size);
    if (n == -E_AGAIN) {
      if (!ready(file, 4, deadline)) {
        return 0;
      }
    } else if (n > 0) {
      from += n;
      size -= n;
    } else if (n != -E_INTR) {
      return 0;
    }
  }
  return 1;
}
