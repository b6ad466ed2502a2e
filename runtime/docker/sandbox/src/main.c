/*
 * The sandbox program of Podyard. Called by the name of a command (a link) or with it as the first
 * argument; without any it is the sandbox's process 1. Several commands may follow one another,
 * divided by the word "then"; the first that fails ends the row.
 */
#include "commands.h"
#include "text.h"

char **environment_of_process;

static const struct {
  const char *name;
  int (*run)(int count, char **arguments);
} commands[] = {
    {"pause", pause_command},     {"prohibit", prohibit_command},
    {"end", end_command},         {"probe-tcp", probe_tcp_command},
    {"probe-http", probe_http_command}, {"relay", relay_command},
    {"fetch", fetch_command},
    {"serve", serve_command},     {"sleep", sleep_command},
    {"stubborn", stubborn_command}, {"echo", echo_command},
    {"write", write_command},
    {"append", append_command},   {"cat", cat_command},
    {"list", list_command},       {"fill", fill_command},
    {"measure", measure_command}, {"clear", clear_command},
    {"inside", inside_command}, {"folders", folders_command}, {"env", env_command},
    {"exit", exit_command},
    {"true", true_command},       {"false", false_command},
};

enum { COMMANDS = sizeof commands / sizeof commands[0] };

int usage(void) {
  say(2,
      "commands, several divided by \"then\":\n"
      "  pause [--file PATH]... [--prohibit ADDRESS[/PREFIX]]...\n"
      "  prohibit ADDRESS[/PREFIX]...\n"
      "  end PROCESS CONTAINER\n"
      "  probe-tcp HOST PORT [MILLIS]\n"
      "  probe-http http://HOST[:PORT][/PATH] [--header 'NAME: VALUE']... [MILLIS]\n"
      "  relay HOST PORT MILLIS\n"
      "  fetch http://HOST[:PORT][/PATH] [MILLIS]\n"
      "  serve PORT | sleep SECONDS | stubborn SECONDS | echo TEXT...\n"
      "  write FILE TEXT | append FILE TEXT | cat FILE... | list FOLDER\n"
      "  measure FOLDER... | clear FOLDER... | fill MIB | env | exit CODE\n"
      "  inside ROOT PATH MOUNTED | folders ROOT PATH...\n"
      "  true | false\n");
  return 2;
}

static int find(const char *name) {
  for (int i = 0; i < COMMANDS; i++) {
    if (equal(commands[i].name, name)) {
      return i;
    }
  }
  return -1;
}

static const char *last_part(const char *path) {
  const char *part = path;
  for (; *path; path++) {
    if (*path == '/') {
      part = path + 1;
    }
  }
  return part;
}

static int one(int count, char **arguments) {
  int command = count > 0 ? find(last_part(arguments[0])) : -1;
  return command < 0 ? usage() : commands[command].run(count, arguments);
}

int run(int count, char **arguments, char **environment) {
  environment_of_process = environment;
  if (count > 0 && find(last_part(arguments[0])) < 0) {
    count--;
    arguments++;
  }
  if (count == 0) {
    char *nothing[] = {"pause"};
    return pause_command(1, nothing);
  }
  for (int from = 0;;) {
    int to = from;
    while (to < count && !equal(arguments[to], "then")) {
      to++;
    }
    int code = one(to - from, arguments + from);
    if (code || to == count) {
      return code;
    }
    from = to + 1;
  }
}
