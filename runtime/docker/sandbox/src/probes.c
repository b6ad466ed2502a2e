/*
 * Probes from inside the group's network: exit code 0 if all is well, 1 if not, with the reason on
 * standard output.
 */
#include "commands.h"
#include "resolve.h"
#include "sockets.h"
#include "text.h"

enum { DEFAULT_TIMEOUT_MILLIS = 1000, REQUEST_SIZE = 1 << 16 };

int probe_tcp_command(int count, char **arguments) {
  u32 host;
  if (count < 3 || count > 4) {
    return usage();
  }
  long port = number(arguments[2]);
  long timeout = count == 4 ? number(arguments[3]) : DEFAULT_TIMEOUT_MILLIS;
  if (port < 1 || port > 65535 || timeout < 0) {
    return usage();
  }
  long deadline = now_millis() + timeout;
  if (!resolve(arguments[1], &host, deadline)) {
    return failed(1, "cannot resolve the host", 0);
  }
  long file = connect_until(host, port, deadline);
  return file < 0 ? failed(1, "cannot connect", file) : 0;
}

struct url {
  char host[256];
  long port;
  const char *path;
  const char *authority;
  long authority_size;
};

/* http://HOST[:PORT][/PATH] */
static int parse(const char *text, struct url *url) {
  long n = 0;
  if (!begins(text, "http://")) {
    return 0;
  }
  text += 7;
  url->authority = text;
  while (text[n] && text[n] != '/') {
    n++;
  }
  url->authority_size = n;
  url->path = text[n] ? text + n : "/";
  if (n >= (long)sizeof url->host) {
    return 0;
  }
  memcpy(url->host, text, (u64)n);
  url->host[n] = 0;
  url->port = 80;
  for (char *at = url->host; *at; at++) {
    if (*at == ':') {
      *at = 0;
      url->port = number(at + 1);
      break;
    }
  }
  return url->host[0] && url->port > 0 && url->port < 65536;
}

struct request {
  char text[REQUEST_SIZE];
  long size;
  int too_long;
};

static void add(struct request *request, const char *text, long size) {
  if (request->size + size < REQUEST_SIZE) {
    memcpy(request->text + request->size, text, (u64)size);
    request->size += size;
  } else {
    request->too_long = 1;
  }
}

/* Whether one of the headers has this name, with its colon. */
static int has_header(int count, char **arguments, const char *name) {
  long n = length(name);
  for (int i = 2; i + 1 < count; i++) {
    if (equal(arguments[i], "--header")) {
      i++;
      char start[32];
      long given = length(arguments[i]);
      memcpy(start, arguments[i], (u64)(given < n ? given : n));
      start[given < n ? given : n] = 0;
      if (equal_name(start, name)) {
        return 1;
      }
    }
  }
  return 0;
}

/* The status of the answer; the body goes to standard output if wanted. */
static int get(int count, char **arguments, int show) {
  static struct request request; /* several commands may follow one another */
  struct url url;
  char answer[4096];
  long timeout = DEFAULT_TIMEOUT_MILLIS;
  request.size = 0;
  request.too_long = 0;
  if (count < 2 || !parse(arguments[1], &url)) {
    return usage();
  }
  add(&request, "GET ", 4);
  add(&request, url.path, length(url.path));
  add(&request, " HTTP/1.0\r\n", 11);
  if (!has_header(count, arguments, "Host:")) {
    add(&request, "Host: ", 6);
    add(&request, url.authority, url.authority_size);
    add(&request, "\r\n", 2);
  }
  if (!has_header(count, arguments, "User-Agent:")) {
    add(&request, "User-Agent: podyard-probe\r\n", 27);
  }
  for (int i = 2; i < count; i++) {
    if (equal(arguments[i], "--header") && i + 1 < count) {
      add(&request, arguments[i + 1], length(arguments[i + 1]));
      add(&request, "\r\n", 2);
      i++;
    } else if ((timeout = number(arguments[i])) < 0) {
      return usage();
    }
  }
  add(&request, "\r\n", 2);
  if (request.too_long) {
    return failed(1, "the request is too long", 0);
  }
  long deadline = now_millis() + timeout;
  u32 host;
  if (!resolve(url.host, &host, deadline)) {
    return failed(1, "cannot resolve the host", 0);
  }
  long file = connect_until(host, url.port, deadline);
  if (file < 0) {
    return failed(1, "cannot connect", file);
  }
  if (!write_until((int)file, request.text, request.size, deadline)) {
    return failed(1, "cannot send", 0);
  }
  long have = 0;
  long body = 0;
  while (have < (long)sizeof answer) {
    long n = read_until((int)file, answer + have, (long)sizeof answer - have, deadline);
    if (n < 0) {
      return failed(1, "no answer", n);
    }
    if (n == 0) {
      break;
    }
    long from = have > 3 ? have - 3 : 0;
    have += n;
    for (long i = from; i + 4 <= have && !body; i++) {
      body = begins(answer + i, "\r\n\r\n") ? i + 4 : 0;
    }
    if (body) {
      break;
    }
  }
  if (have < 12 || !begins(answer, "HTTP/1.")) {
    return failed(1, "the answer is not HTTP", 0);
  }
  answer[12] = 0;
  long status = number(answer + 9);
  if (show && body) {
    long n = have - body;
    long at = body;
    do {
      write_all(1, answer + at, n);
      at = 0;
    } while ((n = read_until((int)file, answer, sizeof answer, deadline)) > 0);
  }
  if (status < 200 || status >= 400) {
    say(1, "HTTP status ");
    say_number(1, status);
    say(1, "\n");
    return 1;
  }
  return 0;
}

int probe_http_command(int count, char **arguments) { return get(count, arguments, 0); }

int fetch_command(int count, char **arguments) { return get(count, arguments, 1); }
