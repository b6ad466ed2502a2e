#include "kernel.h"

#if defined(__x86_64__)
__asm__(
    ".text\n"
    ".global _start\n"
    "_start:\n"
    "  xor %ebp, %ebp\n"
    "  mov %rsp, %rdi\n"
    "  and $-16, %rsp\n"
    "  call begin\n"
    ".global kernel_call\n"
    "kernel_call:\n"
    "  mov %rdi, %rax\n"
    "  mov %rsi, %rdi\n"
    "  mov %rdx, %rsi\n"
    "  mov %rcx, %rdx\n"
    "  mov %r8, %r10\n"
    "  mov %r9, %r8\n"
    "  mov 8(%rsp), %r9\n"
    "  syscall\n"
    "  ret\n");
#else
__asm__(
    ".text\n"
    ".global _start\n"
    "_start:\n"
    "  mov x29, #0\n"
    "  mov x30, #0\n"
    "  mov x0, sp\n"
    "  bl begin\n"
    ".global kernel_call\n"
    "kernel_call:\n"
    "  mov x8, x0\n"
    "  mov x0, x1\n"
    "  mov x1, x2\n"
    "  mov x2, x3\n"
    "  mov x3, x4\n"
    "  mov x4, x5\n"
    "  mov x5, x6\n"
    "  svc #0\n"
    "  ret\n");
#endif

int run(int count, char **arguments, char **environment);

/* The kernel leaves the argument count, the arguments and the environment on the stack. */
__attribute__((used, noreturn)) void begin(long *stack) {
  int count = (int)stack[0];
  char **arguments = (char **)(stack + 1);
  leave(run(count, arguments, arguments + count + 1));
}

void leave(int code) {
  for (;;) {
    call1(SYS_EXIT_GROUP, code);
  }
}

long now_millis(void) {
  struct span now;
  call2(SYS_CLOCK_GETTIME, 1, (long)&now);
  return now.seconds * 1000 + now.nanos / 1000000;
}

u64 held_signals(void) {
  return 1UL << (SIGNAL_TERM - 1) | 1UL << (SIGNAL_INT - 1) | 1UL << (SIGNAL_CHILD - 1);
}

void hold_signals(void) {
  u64 mask = held_signals();
  call4(SYS_RT_SIGPROCMASK, 0, (long)&mask, 0, 8);
}

/* The compiler may ask for these two by itself. */
void *memcpy(void *to, const void *from, u64 size) {
  u8 *t = to;
  const u8 *f = from;
  while (size--) {
    *t++ = *f++;
  }
  return to;
}

void *memset(void *to, int value, u64 size) {
  u8 *t = to;
  while (size--) {
    *t++ = (u8)value;
  }
  return to;
}
