/* TCP with a deadline on each step. */
#ifndef PODYARD_SOCKETS_H
#define PODYARD_SOCKETS_H

#include "kernel.h"

struct socket_address {
  u16 family;
  u16 port;
  u32 address;
  u8 zero[8];
};

u16 network_order(long port);

/* Connects until the deadline (monotonic milliseconds); answers the socket or a negative error. */
long connect_until(u32 address, long port, long deadline);

/* Whether the file becomes readable (1) or writable (4) before the deadline. */
int ready(int file, int events, long deadline);

/* Like read, but waits no longer than the deadline; negative when the time is over. */
long read_until(int file, void *buffer, long size, long deadline);

/* Like write_all, but waits no longer than the deadline; 0 if not all could be written. */
int write_until(int file, const void *data, long size, long deadline);

#endif
