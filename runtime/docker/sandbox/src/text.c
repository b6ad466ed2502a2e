#include "text.h"

long length(const char *text) {
  long n = 0;
  while (text[n]) {
    n++;
  }
  return n;
}

int equal(const char *a, const char *b) {
  while (*a && *a == *b) {
    a++;
    b++;
  }
  return *a == *b;
}

static char small(char c) { return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c; }

int equal_name(const char *a, const char *b) {
  while (*a && small(*a) == small(*b)) {
    a++;
    b++;
  }
  return small(*a) == small(*b);
}

int begins(const char *text, const char *start) {
  while (*start) {
    if (*text++ != *start++) {
      return 0;
    }
  }
  return 1;
}

long number(const char *text) {
  long value = 0;
  if (!*text) {
    return -1;
  }
  for (; *text; text++) {
    if (*text < '0' || *text > '9' || value > 200000000) {
      return -1;
    }
    value = value * 10 + (*text - '0');
  }
  return value;
}

int address(const char *text, u32 *out) {
  u8 parts[4] = {0, 0, 0, 0};
  int digits = 0;
  int value = 0;
  int part = 0;
  if (equal(text, "localhost")) {
    text = "127.0.0.1";
  }
  for (;; text++) {
    if (*text >= '0' && *text <= '9') {
      value = value * 10 + (*text - '0');
      digits++;
      if (value > 255 || digits > 3) {
        return 0;
      }
      continue;
    }
    if (!digits || part > 3) {
      return 0;
    }
    parts[part++] = (u8)value;
    value = 0;
    digits = 0;
    if (!*text) {
      break;
    }
    if (*text != '.') {
      return 0;
    }
  }
  if (part != 4) {
    return 0;
  }
  memcpy(out, parts, 4);
  return 1;
}

int write_all(int file, const void *data, long size) {
  const char *from = data;
  while (size > 0) {
    long n = call3(SYS_WRITE, file, (long)from, size);
    if (n == -E_INTR) {
      continue;
    }
    if (n <= 0) {
      return 0;
    }
    from += n;
    size -= n;
  }
  return 1;
}

void say(int file, const char *text) { write_all(file, text, length(text)); }

void say_number(int file, long value) {
  char digits[24];
  int at = sizeof digits;
  int negative = value < 0;
  u64 rest = negative ? -(u64)value : (u64)value;
  do {
    digits[--at] = (char)('0' + rest % 10);
    rest /= 10;
  } while (rest);
  if (negative) {
    digits[--at] = '-';
  }
  write_all(file, digits + at, (long)sizeof digits - at);
}

int failed(int file, const char *what, long error) {
  say(file, what);
  if (error == -110) {
    say(file, ": timed out");
  } else if (error == -111) {
    say(file, ": connection refused");
  } else if (error < 0) {
    say(file, ": error ");
    say_number(file, -error);
  }
  say(file, "\n");
  return 1;
}
