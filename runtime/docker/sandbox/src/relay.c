/*
 * A connection from inside the group's network as standard input and output, for those who speak
 * what this program does not: TLS.
 */
#include "commands.h"
#include "resolve.h"
#include "sockets.h"
#include "text.h"

enum { SHUT_WRITING = 1, POLL_IN = 1, AT_ONCE = 16384 };

struct watched {
  int file;
  short events;
  short happened;
};

/* Waits for one of both; 0 when the time is over. */
static int wait_for_either(struct watched *both, int count, long deadline) {
  for (;;) {
    long left = deadline - now_millis();
    if (left <= 0) {
      return 0;
    }
    struct span rest = {left / 1000, left % 1000 * 1000000};
    long n = kernel_call(SYS_PPOLL, (long)both, count, (long)&rest, 0, 8, 0);
    if (n > 0) {
      return 1;
    }
    if (n < 0 && n != -E_INTR) {
      return 0;
    }
  }
}

int relay_command(int count, char **arguments) {
  static char buffer[AT_ONCE];
  u32 host;
  long port = count == 4 ? number(arguments[2]) : -1;
  long millis = count == 4 ? number(arguments[3]) : -1;
  if (port < 1 || port > 65535 || millis < 0) {
    return usage();
  }
  long deadline = now_millis() + millis;
  if (!resolve(arguments[1], &host, deadline)) {
    return failed(2, "cannot resolve the host", 0);
  }
  long there = connect_until(host, port, deadline);
  if (there < 0) {
    return failed(2, "cannot connect", there);
  }
  struct watched both[2] = {{(int)there, POLL_IN, 0}, {0, POLL_IN, 0}};
  int open = 2;
  while (wait_for_either(both, open, deadline)) {
    if (both[0].happened) {
      long n = call3(SYS_READ, there, (long)buffer, sizeof buffer);
      if (n == 0 || (n < 0 && n != -E_AGAIN && n != -E_INTR)) {
        return 0;
      }
      if (n > 0 && !write_all(1, buffer, n)) {
        return 1;
      }
    }
    if (open == 2 && both[1].happened) {
      long n = call3(SYS_READ, 0, (long)buffer, sizeof buffer);
      if (n > 0) {
        if (!write_until((int)there, buffer, n, deadline)) {
          return failed(2, "cannot send", 0);
        }
      } else if (n != -E_AGAIN && n != -E_INTR) {
        call2(SYS_SHUTDOWN, there, SHUT_WRITING);
        open = 1;
      }
    }
    both[0].happened = both[1].happened = 0;
  }
  return failed(2, "no answer", -110);
}
