/* How much of the disk the files of a folder take. */
#include "commands.h"
#include "text.h"

enum { DEEPEST = 1000, CODE_TOO_DEEP = 3 };
enum { MODE_KIND = 0170000, MODE_FOLDER = 0040000 };
enum { AT_NO_FOLLOW = 0x100, WANT_BASICS = 0x7ff, BLOCK = 512 };

/* What statx tells; the same on every architecture. */
struct facts {
  u32 mask;
  u32 block_size;
  u64 attributes;
  u32 links;
  u32 user;
  u32 group;
  u16 mode;
  u16 padding;
  u64 inode;
  u64 size;
  u64 blocks;
  u8 rest[200];
};

/* Adds what is in an open folder; 0 if folders are nested too deep. What vanishes meanwhile, or may
   not be read, counts for nothing. */
static int walk(long folder, int depth, u64 *bytes) {
  char buffer[2048];
  long n;
  while ((n = call3(SYS_GETDENTS64, folder, (long)buffer, sizeof buffer)) > 0) {
    for (long at = 0; at < n;) {
      struct entry *entry = (struct entry *)(buffer + at);
      at += entry->size;
      struct facts facts;
      if (equal(entry->name, ".") || equal(entry->name, "..") ||
          kernel_call(SYS_STATX, folder, (long)entry->name, AT_NO_FOLLOW, WANT_BASICS,
                      (long)&facts, 0) < 0) {
        continue;
      }
      int is_folder = (facts.mode & MODE_KIND) == MODE_FOLDER;
      /* Each name of a file with several names counts for its share. */
      *bytes += facts.blocks * BLOCK / (is_folder || !facts.links ? 1 : facts.links);
      if (!is_folder) {
        continue;
      }
      if (depth == DEEPEST) {
        return 0;
      }
      long inner = call4(SYS_OPENAT, folder, (long)entry->name,
                         OPEN_READ | OPEN_DIRECTORY | OPEN_NO_FOLLOW, 0);
      if (inner < 0) {
        continue;
      }
      int complete = walk(inner, depth + 1, bytes);
      call1(SYS_CLOSE, inner);
      if (!complete) {
        return 0;
      }
    }
  }
  return 1;
}

/* Says for each folder how many bytes of the disk its files take, a line each. */
int measure_command(int count, char **arguments) {
  if (count < 2) {
    return usage();
  }
  for (int i = 1; i < count; i++) {
    long folder = call4(SYS_OPENAT, AT_CWD, (long)arguments[i], OPEN_READ | OPEN_DIRECTORY, 0);
    if (folder < 0) {
      say(2, "cannot open ");
      say(2, arguments[i]);
      say(2, "\n");
      return 1;
    }
    u64 bytes = 0;
    if (!walk(folder, 1, &bytes)) {
      say(2, arguments[i]);
      say(2, " nests folders too deep\n");
      return CODE_TOO_DEEP;
    }
    call1(SYS_CLOSE, folder);
    say_number(1, (long)bytes);
    say(1, "\n");
  }
  return 0;
}
