/* The commands that make the program useful as a tiny image. */
#include "commands.h"
#include "text.h"

enum { CODE_TERMINATED = 128 + SIGNAL_TERM };

/* Waits for the time or a signal of the mask; answers the signal or a negative number. */
static long wait_for(u64 mask, long seconds) {
  long end = now_millis() + seconds * 1000;
  for (;;) {
    long left = end - now_millis();
    if (left <= 0) {
      return -1;
    }
    struct span rest = {left / 1000, left % 1000 * 1000000};
    long signal = call4(SYS_RT_SIGTIMEDWAIT, (long)&mask, 0, (long)&rest, 8);
    if (signal == SIGNAL_TERM || signal == SIGNAL_INT) {
      return signal;
    }
    while (call4(SYS_WAIT4, -1, 0, 1, 0) > 0) {
    }
  }
}

int sleep_command(int count, char **arguments) {
  long seconds = count == 2 ? number(arguments[1]) : -1;
  if (seconds < 0) {
    return usage();
  }
  hold_signals();
  return wait_for(held_signals(), seconds) > 0 ? CODE_TERMINATED : 0;
}

/* Sleeps and does not hear the stop signal, so that only a kill ends it. */
int stubborn_command(int count, char **arguments) {
  long seconds = count == 2 ? number(arguments[1]) : -1;
  if (seconds < 0) {
    return usage();
  }
  hold_signals();
  wait_for(1UL << (SIGNAL_CHILD - 1), seconds);
  return 0;
}

int echo_command(int count, char **arguments) {
  for (int i = 1; i < count; i++) {
    if (i > 1) {
      say(1, " ");
    }
    say(1, arguments[i]);
  }
  say(1, "\n");
  return 0;
}

static int trouble(const char *what, const char *name, long error) {
  say(2, what);
  say(2, name);
  say(2, ": error ");
  say_number(2, -error);
  say(2, "\n");
  return 1;
}

static int put(int count, char **arguments, int mode) {
  if (count != 3) {
    return usage();
  }
  long file =
      call4(SYS_OPENAT, AT_CWD, (long)arguments[1], OPEN_WRITE | OPEN_CREATE | mode, 0644);
  if (file < 0) {
    return trouble("cannot write ", arguments[1], file);
  }
  int good = write_all((int)file, arguments[2], length(arguments[2]));
  good = good && write_all((int)file, "\n", 1);
  call1(SYS_CLOSE, file);
  return good ? 0 : trouble("cannot write ", arguments[1], 0);
}

int write_command(int count, char **arguments) { return put(count, arguments, OPEN_TRUNCATE); }

int append_command(int count, char **arguments) { return put(count, arguments, OPEN_APPEND); }

int cat_command(int count, char **arguments) {
  char buffer[8192];
  for (int i = 1; i < count; i++) {
    long file = call4(SYS_OPENAT, AT_CWD, (long)arguments[i], OPEN_READ, 0);
    if (file < 0) {
      return trouble("cannot read ", arguments[i], file);
    }
    long n;
    while ((n = call3(SYS_READ, file, (long)buffer, sizeof buffer)) > 0) {
      if (!write_all(1, buffer, n)) {
        return 1;
      }
    }
    call1(SYS_CLOSE, file);
    if (n < 0) {
      return trouble("cannot read ", arguments[i], n);
    }
  }
  return count > 1 ? 0 : usage();
}

int list_command(int count, char **arguments) {
  char buffer[8192];
  const char *folder = count > 1 ? arguments[1] : "/";
  long file = call4(SYS_OPENAT, AT_CWD, (long)folder, OPEN_READ | OPEN_DIRECTORY, 0);
  if (file < 0) {
    return trouble("cannot list ", folder, file);
  }
  long n;
  while ((n = call3(SYS_GETDENTS64, file, (long)buffer, sizeof buffer)) > 0) {
    for (long at = 0; at < n;) {
      struct entry *entry = (struct entry *)(buffer + at);
      if (!equal(entry->name, ".") && !equal(entry->name, "..")) {
        say(1, entry->name);
        say(1, "\n");
      }
      at += entry->size;
    }
  }
  call1(SYS_CLOSE, file);
  return 0;
}

/* Takes and touches that many MiB of memory. */
int fill_command(int count, char **arguments) {
  long mib = count == 2 ? number(arguments[1]) : -1;
  if (mib < 0) {
    return usage();
  }
  long size = mib << 20;
  u8 *memory = (u8 *)kernel_call(SYS_MMAP, 0, size, 3, 0x22, -1, 0);
  if ((long)memory < 0 && (long)memory > -4096) {
    return trouble("cannot take memory", "", (long)memory);
  }
  for (long at = 0; at < size; at += 4096) {
    ((volatile u8 *)memory)[at] = 1;
  }
  return 0;
}

int env_command(int count, char **arguments) {
  (void)count;
  (void)arguments;
  for (char **at = environment_of_process; *at; at++) {
    say(1, *at);
    say(1, "\n");
  }
  return 0;
}

int exit_command(int count, char **arguments) {
  long code = count == 2 ? number(arguments[1]) : -1;
  return code < 0 || code > 255 ? usage() : (int)code;
}

int true_command(int count, char **arguments) {
  (void)count;
  (void)arguments;
  return 0;
}

int false_command(int count, char **arguments) {
  (void)count;
  (void)arguments;
  return 1;
}
