/* Each command takes its own arguments, itself first, and answers the exit code. */
#ifndef PODYARD_COMMANDS_H
#define PODYARD_COMMANDS_H

int usage(void);

int pause_command(int count, char **arguments);
int prohibit_command(int count, char **arguments);
int end_command(int count, char **arguments);
int probe_tcp_command(int count, char **arguments);
int probe_http_command(int count, char **arguments);
int relay_command(int count, char **arguments);
int fetch_command(int count, char **arguments);
int serve_command(int count, char **arguments);
int sleep_command(int count, char **arguments);
int stubborn_command(int count, char **arguments);
int echo_command(int count, char **arguments);
int write_command(int count, char **arguments);
int append_command(int count, char **arguments);
int cat_command(int count, char **arguments);
int list_command(int count, char **arguments);
int measure_command(int count, char **arguments);
int clear_command(int count, char **arguments);
int inside_command(int count, char **arguments);
int folders_command(int count, char **arguments);
int fill_command(int count, char **arguments);
int env_command(int count, char **arguments);
int exit_command(int count, char **arguments);
int true_command(int count, char **arguments);
int false_command(int count, char **arguments);

extern char **environment_of_process;

#endif
