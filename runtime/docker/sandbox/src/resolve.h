/* Names of hosts, as the group's own files and servers tell them. */
#ifndef PODYARD_RESOLVE_H
#define PODYARD_RESOLVE_H

#include "kernel.h"

/*
 * The IPv4 address of a host: four numbers, a name in /etc/hosts, or a name that a server in
 * /etc/resolv.conf knows. 0 if there is none, or no answer before the deadline.
 */
int resolve(const char *name, u32 *out, long deadline);

#endif
