/*
 * Ends a command that was run in a container: the process that the engine names, what came of it,
 * and all of its session, as far as it is in that container. Runs beside the engine's processes,
 * in their numbering, and looks at each one's cgroup before it touches it.
 */
#include "commands.h"
#include "text.h"

enum { MOST_PROCESSES = 1 << 17, MOST_OF_COMMAND = 4096 };
enum { STOP_ROUNDS = 10, PAUSE_MILLIS = 20, LONGEST_MILLIS = 5000 };
enum { STOPPED = 1, GONE = 2 };

struct process {
  u32 id;
  u32 parent;
  u32 session;
  u32 state;
};

static struct process all[MOST_PROCESSES];
static struct process found[MOST_OF_COMMAND];

/* Writes /proc/ID/FILE. */
static void path_of(char *path, u32 id, const char *file) {
  char digits[12];
  int at = sizeof digits;
  do {
    digits[--at] = (char)('0' + id % 10);
    id /= 10;
  } while (id);
  memcpy(path, "/proc/", 6);
  path += 6;
  memcpy(path, digits + at, sizeof digits - (u64)at);
  path += sizeof digits - (u64)at;
  *path++ = '/';
  memcpy(path, file, (u64)length(file) + 1);
}

/* Reads what fits, with a zero after it; answers the size or a negative error. */
static long content(u32 id, const char *file, char *buffer, long size) {
  char path[40];
  path_of(path, id, file);
  long opened = call4(SYS_OPENAT, AT_CWD, (long)path, OPEN_READ, 0);
  if (opened < 0) {
    return opened;
  }
  long filled = 0;
  long n;
  while (filled < size - 1 &&
         (n = call3(SYS_READ, opened, (long)(buffer + filled), size - 1 - filled)) > 0) {
    filled += n;
  }
  call1(SYS_CLOSE, opened);
  buffer[filled] = 0;
  return filled;
}

static const char *next_number(const char *at, u32 *value) {
  while (*at == ' ' || *at == '-') {
    at++;
  }
  *value = 0;
  while (*at >= '0' && *at <= '9') {
    *value = *value * 10 + (u32)(*at++ - '0');
  }
  return at;
}

/* 0 if there is no such process any more. */
static int look(u32 id, struct process *process) {
  char stat[1024];
  if (content(id, "stat", stat, sizeof stat) <= 0) {
    return 0;
  }
  /* The name may hold anything, blanks and brackets too. */
  const char *at = 0;
  for (const char *c = stat; *c; c++) {
    if (*c == ')') {
      at = c + 1;
    }
  }
  if (!at || at[0] != ' ' || !at[1]) {
    return 0;
  }
  char state = at[1];
  u32 threads = 0;
  u32 ignored;
  process->id = id;
  at = next_number(at + 2, &process->parent);
  at = next_number(at, &ignored);
  at = next_number(at, &process->session);
  for (int field = 7; field < 20; field++) {
    at = next_number(at, &ignored);
  }
  next_number(at, &threads);
  /* A process whose first thread has ended looks dead but is not. */
  process->state = (state == 'Z' || state == 'X') && threads < 2 ? GONE
                   : state == 'T' || state == 't'                ? STOPPED
                                                                 : 0;
  return 1;
}

static int in_container(u32 id, const char *container) {
  char cgroups[8192];
  if (content(id, "cgroup", cgroups, sizeof cgroups) <= 0) {
    return 0;
  }
  for (const char *at = cgroups; *at; at++) {
    if (begins(at, container)) {
      return 1;
    }
  }
  return 0;
}

/* All processes; negative if that cannot be told. */
static int scan(void) {
  char buffer[8192];
  int count = 0;
  long folder = call4(SYS_OPENAT, AT_CWD, (long)"/proc", OPEN_READ | OPEN_DIRECTORY, 0);
  if (folder < 0) {
    return -1;
  }
  long n;
  while ((n = call3(SYS_GETDENTS64, folder, (long)buffer, sizeof buffer)) > 0) {
    for (long at = 0; at < n;) {
      struct entry *entry = (struct entry *)(buffer + at);
      long id = number(entry->name);
      if (id > 0) {
        if (count == MOST_PROCESSES) {
          call1(SYS_CLOSE, folder);
          return -1;
        }
        count += look((u32)id, &all[count]);
      }
      at += entry->size;
    }
  }
  call1(SYS_CLOSE, folder);
  return n < 0 ? -1 : count;
}

/* Fills found with what is alive of the command; negative if that cannot be told. */
static int find_command(u32 root, const char *container) {
  int count = scan();
  int size = 0;
  if (count < 0) {
    return -1;
  }
  for (int grown = 1; grown;) {
    grown = 0;
    for (int i = 0; i < count; i++) {
      if (!all[i].id || all[i].state == GONE) {
        continue;
      }
      int belongs = all[i].id == root || all[i].session == root;
      for (int f = 0; f < size && !belongs; f++) {
        belongs = all[i].parent == found[f].id;
      }
      if (belongs && in_container(all[i].id, container)) {
        if (size == MOST_OF_COMMAND) {
          return -1;
        }
        found[size++] = all[i];
        all[i].id = 0;
        grown = 1;
      }
    }
  }
  return size;
}

/* A handle keeps the signal from a process that got the number of one that ended meanwhile. */
static void signal_process(u32 id, int signal, const char *container) {
  long handle = call2(SYS_PIDFD_OPEN, id, 0);
  if (in_container(id, container)) {
    if (handle >= 0) {
      call4(SYS_PIDFD_SEND_SIGNAL, handle, signal, 0, 0);
    } else if (handle != -E_NO_PROCESS) {
      call2(SYS_KILL, id, signal);
    }
  }
  if (handle >= 0) {
    call1(SYS_CLOSE, handle);
  }
}

static void pause_a_little(void) {
  struct span span = {0, PAUSE_MILLIS * 1000000};
  kernel_call(SYS_PPOLL, 0, 0, (long)&span, 0, 8, 0);
}

/* Halts everything first, so that nothing can start something new while the rest is killed. */
static int halt(u32 root, const char *container) {
  for (int round = 0; round < STOP_ROUNDS; round++) {
    int size = find_command(root, container);
    int runs = 0;
    for (int i = 0; i < size; i++) {
      if (found[i].state != STOPPED) {
        signal_process(found[i].id, SIGNAL_STOP, container);
        runs++;
      }
    }
    if (size < 0 || !runs) {
      return size;
    }
  }
  return 1;
}

int end_command(int count, char **arguments) {
  long root = count == 3 ? number(arguments[1]) : -1;
  if (root < 2 || length(arguments[2]) < 64) {
    return usage();
  }
  const char *container = arguments[2];
  long deadline = now_millis() + LONGEST_MILLIS;
  int size = halt((u32)root, container);
  while (size > 0 && now_millis() < deadline) {
    size = find_command((u32)root, container);
    for (int i = 0; i < size; i++) {
      signal_process(found[i].id, SIGNAL_KILL, container);
    }
    if (size > 0) {
      pause_a_little();
    }
  }
  if (size < 0) {
    say(2, "the processes cannot be listed\n");
  } else if (size > 0) {
    say_number(2, size);
    say(2, " processes do not end\n");
  }
  return size == 0 ? 0 : 1;
}
