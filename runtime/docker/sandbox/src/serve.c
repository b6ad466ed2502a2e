/* A web server that greets, one visitor after the other. */
#include "commands.h"
#include "sockets.h"
#include "text.h"

enum { PATIENCE_MILLIS = 2000 };

struct names {
  char fields[6][65];
};

static void greet(int visitor) {
  char request[2048];
  struct names names;
  char page[256];
  long size = 0;
  if (read_until(visitor, request, sizeof request, now_millis() + PATIENCE_MILLIS) <= 0) {
    return;
  }
  call1(SYS_UNAME, (long)&names);
  memcpy(page, "Hello from ", 11);
  size = 11;
  memcpy(page + size, names.fields[1], (u64)length(names.fields[1]));
  size += length(names.fields[1]);
  page[size++] = '\n';
  say(visitor, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\nContent-Length: ");
  say_number(visitor, size);
  say(visitor, "\r\n\r\n");
  write_all(visitor, page, size);
  say(1, "served one visitor\n");
}

static long listen_on(long port) {
  enum { CLOSE_ON_EXEC = 02000000, STREAM = 1, INTERNET = 2, SOCKET_LEVEL = 1, REUSE = 2 };
  struct socket_address here;
  int on = 1;
  memset(&here, 0, sizeof here);
  here.family = INTERNET;
  here.port = network_order(port);
  long file = call3(SYS_SOCKET, INTERNET, STREAM | CLOSE_ON_EXEC, 0);
  kernel_call(SYS_SETSOCKOPT, file, SOCKET_LEVEL, REUSE, (long)&on, sizeof on, 0);
  long error = call3(SYS_BIND, file, (long)&here, sizeof here);
  return error < 0 ? error : (call2(SYS_LISTEN, file, 64), file);
}

int serve_command(int count, char **arguments) {
  struct {
    int file;
    short events;
    short happened;
  } both[2];
  long port = count == 2 ? number(arguments[1]) : -1;
  if (port < 1 || port > 65535) {
    return usage();
  }
  hold_signals();
  u64 mask = held_signals();
  long signals = call4(SYS_SIGNALFD4, -1, (long)&mask, 8, 0);
  long door = listen_on(port);
  if (door < 0) {
    say(2, "cannot listen, error ");
    say_number(2, -door);
    say(2, "\n");
    return 1;
  }
  say(1, "listening\n");
  for (;;) {
    both[0].file = (int)door;
    both[1].file = (int)signals;
    both[0].events = both[1].events = 1;
    both[0].happened = both[1].happened = 0;
    kernel_call(SYS_PPOLL, (long)both, 2, 0, 0, 0, 0);
    if (both[1].happened) {
      u32 signal[32];
      call3(SYS_READ, signals, (long)signal, sizeof signal);
      if (signal[0] != SIGNAL_CHILD) {
        return 0;
      }
      while (call4(SYS_WAIT4, -1, 0, 1, 0) > 0) {
      }
    }
    if (both[0].happened) {
      long visitor = call4(SYS_ACCEPT4, door, 0, 0, 04000);
      if (visitor >= 0) {
        greet((int)visitor);
        call1(SYS_CLOSE, visitor);
      }
    }
  }
}
