/*
 * Process 1 of a group's sandbox: holds the namespaces open, reaps what is left to it, ends on
 * SIGTERM. Before that it makes the empty files that the group's containers mount, and may close
 * routes, so that the group reaches neither the host it runs on nor addresses the operator named.
 */
#include "commands.h"
#include "text.h"

struct route_request {
  u32 size;
  u16 type;
  u16 flags;
  u32 sequence;
  u32 port;
  u8 family;
  u8 prefix;
  u8 source_prefix;
  u8 service;
  u8 table;
  u8 protocol;
  u8 scope;
  u8 kind;
  u32 route_flags;
  u16 attribute_size;
  u16 attribute_type;
  u32 destination;
};

enum { NEW_ROUTE = 24, REQUEST = 1, ACKNOWLEDGE = 4, CREATE = 0x400, REPLACE = 0x100 };
enum { TABLE_MAIN = 254, PROTOCOL_STATIC = 4, KIND_PROHIBIT = 8, ATTRIBUTE_DESTINATION = 1 };

/* Answers 0 or the kernel's negative error. */
static int prohibit(int netlink, u32 destination, int prefix) {
  struct route_request request;
  struct {
    u32 size;
    u16 type;
    u16 flags;
    u32 sequence;
    u32 port;
    int error;
    u8 rest[256];
  } answer;
  memset(&request, 0, sizeof request);
  request.size = sizeof request;
  request.type = NEW_ROUTE;
  request.flags = REQUEST | ACKNOWLEDGE | CREATE | REPLACE;
  request.family = 2;
  request.prefix = (u8)prefix;
  request.table = TABLE_MAIN;
  request.protocol = PROTOCOL_STATIC;
  request.kind = KIND_PROHIBIT;
  request.attribute_size = 8;
  request.attribute_type = ATTRIBUTE_DESTINATION;
  request.destination = destination;
  if (call3(SYS_WRITE, netlink, (long)&request, sizeof request) < 0) {
    return -1;
  }
  if (call3(SYS_READ, netlink, (long)&answer, sizeof answer) < 20) {
    return -1;
  }
  return answer.error == -E_EXIST ? 0 : answer.error;
}

/* 0 or the kernel's negative error; 1 if the text is no address. */
static int close_route(int netlink, char *text) {
  u32 destination;
  long prefix = 32;
  for (char *at = text; *at; at++) {
    if (*at == '/') {
      *at = 0;
      prefix = number(at + 1);
      break;
    }
  }
  if (!address(text, &destination) || prefix < 0 || prefix > 32) {
    return 1;
  }
  int error = prohibit(netlink, destination, (int)prefix);
  if (error) {
    say(2, "route to ");
    say(2, text);
    say(2, " stays open, error ");
    say_number(2, -error);
    say(2, "\n");
  }
  return error;
}

static int open_netlink(void) { return (int)call3(SYS_SOCKET, 16, 3, 0); }

/* Closes routes of a sandbox that runs already. */
int prohibit_command(int count, char **arguments) {
  if (count < 2) {
    return usage();
  }
  int netlink = open_netlink();
  int code = 0;
  for (int i = 1; i < count; i++) {
    int error = close_route(netlink, arguments[i]);
    if (error > 0) {
      return usage();
    }
    if (error) {
      code = 1;
    }
  }
  return code;
}

/* An empty file that everybody may write, in place of what is there. */
static void make_file(char *path) {
  long file = call4(SYS_OPENAT, AT_CWD, (long)path, OPEN_WRITE | OPEN_CREATE | OPEN_TRUNCATE, 0666);
  if (file >= 0) {
    call1(SYS_CLOSE, file);
    return;
  }
  say(2, "file ");
  say(2, path);
  say(2, " is not there, error ");
  say_number(2, -file);
  say(2, "\n");
}

int pause_command(int count, char **arguments) {
  int netlink = -1;
  hold_signals();
  call1(SYS_UMASK, 0);
  for (int i = 1; i < count; i++) {
    int is_file = equal(arguments[i], "--file");
    if ((!is_file && !equal(arguments[i], "--prohibit")) || i + 1 == count) {
      return usage();
    }
    if (is_file) {
      make_file(arguments[++i]);
      continue;
    }
    if (netlink < 0) {
      netlink = open_netlink();
    }
    if (close_route(netlink, arguments[++i]) > 0) {
      return usage();
    }
  }
  if (netlink >= 0) {
    call1(SYS_CLOSE, netlink);
  }
  for (;;) {
    u64 mask = held_signals();
    long signal = call4(SYS_RT_SIGTIMEDWAIT, (long)&mask, 0, 0, 8);
    if (signal == SIGNAL_TERM || signal == SIGNAL_INT) {
      return 0;
    }
    while (call4(SYS_WAIT4, -1, 0, 1, 0) > 0) {
    }
  }
}
