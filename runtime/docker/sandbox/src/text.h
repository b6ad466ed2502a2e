/* Text and output. */
#ifndef PODYARD_TEXT_H
#define PODYARD_TEXT_H

#include "kernel.h"

long length(const char *text);
int equal(const char *a, const char *b);
/* Without regard to the case of letters. */
int equal_name(const char *a, const char *b);

int begins(const char *text, const char *start);

/* A number of decimal digits, up to 2,000,000,000; -1 if it is none. */
long number(const char *text);

/* Four numbers with points, in network order; 0 if it is no such address. */
int address(const char *text, u32 *out);

void say(int file, const char *text);
void say_number(int file, long value);

/* Says what failed, with the kernel's negative error if there is one; answers the exit code 1. */
int failed(int file, const char *what, long error);

int write_all(int file, const void *data, long size);

void *memcpy(void *to, const void *from, u64 size);
void *memset(void *to, int value, u64 size);

#endif
