/*
 * Probes from inside the group's network: exit code 0 if all is well, 1 if not, with the reason on
 * standard output.
 */
#include "commands.h"
#include "sockets.h"
#include "text.h"

enum { DEFAULT_TIMEOUT_MILLIS = 1000, REQUEST_SIZE = 4096 };

static int failed(const char *what, long error) {
  say(1, what);
  if (error == -110) {
    say(1, ": timed out");
  } else if (error == -111) {
    say(1, ": connection refused");
  } else if (error < 0) {
    say(1, ": error ");
    say_number(1, -error);
  }
  say(1, "\n");
  return 1;
}

int probe_tcp_command(int count, char **arguments) {
  u32 host;
  if (count < 3 || count > 4 || !address(arguments[1], &host)) {
    return usage();
  }
  long port = number(arguments[2]);
  long timeout = count == 4 ? number(arguments[3]) : DEFAULT_TIMEOUT_MILLIS;
  if (port < 1 || port > 65535 || timeout < 0) {
    return usage();
  }
  long file = connect_until(host, port, now_millis() + timeout);
  return file < 0 ? failed("cannot connect", file) : 0;
}

struct url {
  u32 host;
  long port;
  const char *path;
  const char *authority;
  long authority_size;
};

/* http://ADDRESS[:PORT][/PATH]; the address in numbers or localhost. */
static int parse(const char *text, struct url *url) {
  char host[64];
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
  if (n >= (long)sizeof host) {
    return 0;
  }
  memcpy(host, text, (u64)n);
  host[n] = 0;
  url->port = 80;
  for (char *at = host; *at; at++) {
    if (*at == ':') {
      *at = 0;
      url->port = number(at + 1);
      break;
    }
  }
  return address(host, &url->host) && url->port > 0 && url->port < 65536;
}

struct request {
  char text[REQUEST_SIZE];
  long size;
};

static void add(struct request *request, const char *text, long size) {
  if (request->size + size < REQUEST_SIZE) {
    memcpy(request->text + request->size, text, (u64)size);
    request->size += size;
  }
}

/* The status of the answer; the body goes to standard output if wanted. */
static int get(int count, char **arguments, int show) {
  struct url url;
  struct request request = {.size = 0};
  char answer[4096];
  long timeout = DEFAULT_TIMEOUT_MILLIS;
  if (count < 2 || !parse(arguments[1], &url)) {
    return usage();
  }
  add(&request, "GET ", 4);
  add(&request, url.path, length(url.path));
  add(&request, " HTTP/1.0\r\nHost: ", 17);
  add(&request, url.authority, url.authority_size);
  add(&request, "\r\nUser-Agent: podyard-probe\r\n", 29);
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
  if (request.size < 4 || request.text[request.size - 3] != '\n') {
    return failed("the request is too long", 0);
  }
  long deadline = now_millis() + timeout;
  long file = connect_until(url.host, url.port, deadline);
  if (file < 0) {
    return failed("cannot connect", file);
  }
  if (!write_all((int)file, request.text, request.size)) {
    return failed("cannot send", 0);
  }
  long have = 0;
  long body = 0;
  while (have < (long)sizeof answer) {
    long n = read_until((int)file, answer + have, (long)sizeof answer - have, deadline);
    if (n < 0) {
      return failed("no answer", n);
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
    return failed("the answer is not HTTP", 0);
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
