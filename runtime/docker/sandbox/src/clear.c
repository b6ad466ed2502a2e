/* Empties folders, whoever owns what is in them. */
#include "commands.h"
#include "text.h"

enum { DEEPEST = 1000, KIND_FOLDER = 4, REMOVE_FOLDER = 0x200 };

/* 0 if something stays. */
static int clear(long folder, int depth) {
  char buffer[2048];
  long n;
  int complete = 1;
  while ((n = call3(SYS_GETDENTS64, folder, (long)buffer, sizeof buffer)) > 0) {
    for (long at = 0; at < n;) {
      struct entry *entry = (struct entry *)(buffer + at);
      at += entry->size;
      if (equal(entry->name, ".") || equal(entry->name, "..")) {
        continue;
      }
      if (call3(SYS_UNLINKAT, folder, (long)entry->name, 0) >= 0) {
        continue;
      }
      long inner = depth == DEEPEST ? -1
                                    : call4(SYS_OPENAT, folder, (long)entry->name,
                                            OPEN_READ | OPEN_DIRECTORY | OPEN_NO_FOLLOW, 0);
      int emptied = inner >= 0 && clear(inner, depth + 1);
      if (inner >= 0) {
        call1(SYS_CLOSE, inner);
      }
      /* What is mounted here stays, empty: a part of the volume. */
      long error = call3(SYS_UNLINKAT, folder, (long)entry->name, REMOVE_FOLDER);
      complete = complete && emptied && (error >= 0 || error == -E_BUSY);
    }
  }
  return complete && n >= 0;
}

int clear_command(int count, char **arguments) {
  if (count < 2) {
    return usage();
  }
  int code = 0;
  for (int i = 1; i < count; i++) {
    long folder = call4(SYS_OPENAT, AT_CWD, (long)arguments[i], OPEN_READ | OPEN_DIRECTORY, 0);
    int complete = folder >= 0 && clear(folder, 1);
    if (folder >= 0) {
      call1(SYS_CLOSE, folder);
    }
    if (!complete) {
      say(2, arguments[i]);
      say(2, " is not empty\n");
      code = 1;
    }
  }
  return code;
}
