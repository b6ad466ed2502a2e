/* See resolve.h. One question at a time, over UDP, for addresses alone. */
#include "resolve.h"
#include "sockets.h"
#include "text.h"

enum { FILE_SIZE = 1 << 18, LONGEST_NAME = 253, LONGEST_LABEL = 63, PACKET = 1500 };
enum { MOST_SERVERS = 3, MOST_SEARCHES = 6, ROUNDS = 2, PATIENCE_MILLIS = 2000 };
enum { INTERNET = 2, DATAGRAM = 2, DNS_PORT = 53, TYPE_ADDRESS = 1, HEAD = 12 };

static char content[FILE_SIZE];

static int read_file(const char *path) {
  long file = call4(SYS_OPENAT, AT_CWD, (long)path, OPEN_READ, 0);
  long filled = 0;
  long n;
  if (file < 0) {
    return 0;
  }
  while (filled < FILE_SIZE - 1 &&
         (n = call3(SYS_READ, file, (long)(content + filled), FILE_SIZE - 1 - filled)) > 0) {
    filled += n;
  }
  call1(SYS_CLOSE, file);
  content[filled] = 0;
  return 1;
}

static char *end_of_line(char *at) {
  while (*at && *at != '\n') {
    at++;
  }
  return at;
}

/* Cuts the next word of a line off; 0 at its end or at a comment. */
static char *next_word(char **line) {
  char *at = *line;
  while (*at == ' ' || *at == '\t' || *at == '\r') {
    at++;
  }
  if (!*at || *at == '#' || *at == ';') {
    return 0;
  }
  char *word = at;
  while (*at && *at != ' ' && *at != '\t' && *at != '\r') {
    at++;
  }
  if (*at) {
    *at++ = 0;
  }
  *line = at;
  return word;
}

static int in_hosts_file(const char *name, u32 *out) {
  if (!read_file("/etc/hosts")) {
    return 0;
  }
  for (char *line = content; *line;) {
    char *end = end_of_line(line);
    char *next = *end ? end + 1 : end;
    *end = 0;
    u32 found;
    char *word = next_word(&line);
    if (word && address(word, &found)) {
      while ((word = next_word(&line))) {
        if (equal_name(word, name)) {
          *out = found;
          return 1;
        }
      }
    }
    line = next;
  }
  return 0;
}

/* Writes the name in labels; 0 if it is no name. */
static long labels(u8 *to, const char *name, const char *suffix) {
  long size = 0;
  for (int part = 0; part < 2; part++) {
    const char *at = part ? suffix : name;
    while (*at) {
      long n = 0;
      while (at[n] && at[n] != '.') {
        n++;
      }
      if (!n || n > LONGEST_LABEL || size + n + 1 > LONGEST_NAME) {
        return 0;
      }
      to[size++] = (u8)n;
      memcpy(to + size, at, (u64)n);
      size += n;
      at += n;
      if (*at) {
        at++;
      }
    }
  }
  to[size++] = 0;
  return size > 1 ? size : 0;
}

/* Behind a name in a packet; negative if it does not end. */
static long behind_name(const u8 *packet, long at, long size) {
  while (at < size) {
    if (packet[at] >= 0xc0) {
      return at + 2;
    }
    if (!packet[at]) {
      return at + 1;
    }
    at += packet[at] + 1;
  }
  return -1;
}

/* 1 with the address, 0 if the server says there is none, negative if it says nothing of use. */
static int understood(const u8 *packet, long size, const u8 *asked, u32 *out) {
  if (size < HEAD || packet[0] != asked[0] || packet[1] != asked[1] || !(packet[2] & 0x80)) {
    return -1;
  }
  int code = packet[3] & 15;
  if (code != 0) {
    return code == 3 ? 0 : -1;
  }
  long answers = packet[6] << 8 | packet[7];
  long at = behind_name(packet, HEAD, size);
  at = at < 0 ? at : at + 4;
  while (answers-- > 0 && at > 0) {
    at = behind_name(packet, at, size);
    if (at < 0 || at + 10 > size) {
      return -1;
    }
    long length_of_data = packet[at + 8] << 8 | packet[at + 9];
    if (packet[at] == 0 && packet[at + 1] == TYPE_ADDRESS && length_of_data == 4 &&
        at + 14 <= size) {
      memcpy(out, packet + at + 10, 4);
      return 1;
    }
    at += 10 + length_of_data;
  }
  return 0;
}

static int ask(u32 server, const u8 *question, long size, u32 *out, long deadline) {
  u8 packet[PACKET];
  struct socket_address to;
  int outcome = -1;
  memset(&to, 0, sizeof to);
  to.family = INTERNET;
  to.port = network_order(DNS_PORT);
  to.address = server;
  long file = call3(SYS_SOCKET, INTERNET, DATAGRAM | 04000, 0);
  if (file < 0) {
    return -1;
  }
  if (call3(SYS_CONNECT, file, (long)&to, sizeof to) >= 0 &&
      call3(SYS_WRITE, file, (long)question, size) == size) {
    long n;
    while (outcome < 0 && (n = read_until((int)file, packet, sizeof packet, deadline)) > 0) {
      outcome = understood(packet, n, question, out);
      if (outcome < 0 && n >= HEAD && packet[0] == question[0] && packet[1] == question[1]) {
        break;
      }
    }
  }
  call1(SYS_CLOSE, file);
  return outcome;
}

static int ask_all(const u32 *servers, int count, const char *name, const char *suffix, u32 *out,
                   long deadline) {
  u8 question[HEAD + LONGEST_NAME + 8];
  memset(question, 0, HEAD);
  long size = labels(question + HEAD, name, suffix);
  if (!size) {
    return 0;
  }
  size += HEAD;
  u64 number_of_question = (u64)now_millis() * 2654435761u ^ (u64)(long)question;
  question[0] = (u8)(number_of_question >> 8);
  question[1] = (u8)number_of_question;
  question[2] = 1; /* recursion is wanted */
  question[5] = 1;
  question[size++] = 0;
  question[size++] = TYPE_ADDRESS;
  question[size++] = 0;
  question[size++] = 1;
  for (int round = 0; round < ROUNDS; round++) {
    for (int i = 0; i < count; i++) {
      long now = now_millis();
      if (now >= deadline) {
        return 0;
      }
      long until = now + PATIENCE_MILLIS < deadline ? now + PATIENCE_MILLIS : deadline;
      int outcome = ask(servers[i], question, size, out, until);
      if (outcome >= 0) {
        return outcome;
      }
    }
  }
  return 0;
}

int resolve(const char *name, u32 *out, long deadline) {
  u32 servers[MOST_SERVERS];
  const char *searches[MOST_SEARCHES];
  int server_count = 0;
  int search_count = 0;
  if (address(name, out) || in_hosts_file(name, out)) {
    return 1;
  }
  if (!read_file("/etc/resolv.conf")) {
    return 0;
  }
  for (char *line = content; *line;) {
    char *end = end_of_line(line);
    char *next = *end ? end + 1 : end;
    *end = 0;
    char *word = next_word(&line);
    if (word && equal(word, "nameserver") && server_count < MOST_SERVERS) {
      word = next_word(&line);
      server_count += word && address(word, &servers[server_count]);
    } else if (word && equal(word, "search")) {
      search_count = 0;
      while (search_count < MOST_SEARCHES && (word = next_word(&line))) {
        searches[search_count++] = word;
      }
    }
    line = next;
  }
  int dotted = 0;
  for (const char *at = name; *at; at++) {
    dotted |= *at == '.';
  }
  if (dotted && ask_all(servers, server_count, name, "", out, deadline)) {
    return 1;
  }
  for (int i = 0; i < search_count; i++) {
    if (ask_all(servers, server_count, name, searches[i], out, deadline)) {
      return 1;
    }
  }
  return !dotted && ask_all(servers, server_count, name, "", out, deadline);
}
