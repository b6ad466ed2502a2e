/* Whether what is mounted somewhere is a folder of another one, reached without any link; and such
   folders made. */
#include "commands.h"
#include "text.h"

enum { OPEN_PATH = 010000000, LONGEST_STEP = 256 };
enum { NEW_FOLDER = 0755 };
enum { AT_EMPTY_PATH = 0x1000, AT_NO_FOLLOW = 0x100, WANT_BASICS = 0x7ff };
enum { MODE_KIND = 0170000, MODE_LINK = 0120000, MODE_FOLDER = 0040000 };

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
  u64 attributes_mask;
  u8 times[64];
  u32 special_major;
  u32 special_minor;
  u32 device_major;
  u32 device_minor;
  u8 rest[112];
};

static int facts_of(long file, struct facts *facts) {
  return kernel_call(SYS_STATX, file, (long)"", AT_EMPTY_PATH | AT_NO_FOLLOW, WANT_BASICS,
                     (long)facts, 0) >= 0;
}

/* Opens the path below a folder step by step; negative if it has a link in it, or is not there and
   is not to be made. */
static long walk(long folder, const char *path, int make) {
  char step[LONGEST_STEP];
  while (*path) {
    int length = 0;
    while (*path && *path != '/') {
      if (length == LONGEST_STEP - 1) {
        return -1;
      }
      step[length++] = *path++;
    }
    step[length] = 0;
    while (*path == '/') {
      path++;
    }
    if (!length || equal(step, ".") || equal(step, "..")) {
      return -1;
    }
    long inner = call4(SYS_OPENAT, folder, (long)step, OPEN_PATH | OPEN_NO_FOLLOW, 0);
    if (inner == -E_NO_ENTRY && make) {
      call3(SYS_MKDIRAT, folder, (long)step, NEW_FOLDER);
      inner = call4(SYS_OPENAT, folder, (long)step, OPEN_PATH | OPEN_NO_FOLLOW, 0);
    }
    struct facts facts;
    if (inner < 0 || !facts_of(inner, &facts) || (facts.mode & MODE_KIND) == MODE_LINK) {
      return -1;
    }
    call1(SYS_CLOSE, folder);
    folder = inner;
  }
  return folder;
}

/* inside ROOT PATH MOUNTED: ends well if PATH below ROOT is what MOUNTED is. MOUNTED may be "-":
   then it only has to be there, and be no folder. */
int inside_command(int count, char **arguments) {
  if (count != 4) {
    return usage();
  }
  long root = call4(SYS_OPENAT, AT_CWD, (long)arguments[1], OPEN_PATH | OPEN_DIRECTORY, 0);
  long found = root < 0 ? root : walk(root, arguments[2], 0);
  struct facts there, mounted;
  if (found < 0 || !facts_of(found, &there)) {
    say(2, "is not there, or there is a link on the way\n");
    return 1;
  }
  if (equal(arguments[3], "-")) {
    if ((there.mode & MODE_KIND) == MODE_FOLDER) {
      say(2, "is a folder\n");
      return 1;
    }
    return 0;
  }
  long seen = call4(SYS_OPENAT, AT_CWD, (long)arguments[3], OPEN_PATH, 0);
  if (seen < 0 || !facts_of(seen, &mounted) || there.inode != mounted.inode ||
      there.device_major != mounted.device_major || there.device_minor != mounted.device_minor) {
    say(2, "leads somewhere else\n");
    return 1;
  }
  return 0;
}

/* folders ROOT PATH...: makes each path below the root a folder, as far as it is none. */
int folders_command(int count, char **arguments) {
  if (count < 3) {
    return usage();
  }
  for (int i = 2; i < count; i++) {
    long root = call4(SYS_OPENAT, AT_CWD, (long)arguments[1], OPEN_PATH | OPEN_DIRECTORY, 0);
    long found = root < 0 ? root : walk(root, arguments[i], 1);
    struct facts facts;
    if (found < 0 || !facts_of(found, &facts) || (facts.mode & MODE_KIND) != MODE_FOLDER) {
      say(2, arguments[i]);
      say(2, " is no folder and cannot be made, or there is a link on the way\n");
      return 1;
    }
    call1(SYS_CLOSE, found);
  }
  return 0;
}
