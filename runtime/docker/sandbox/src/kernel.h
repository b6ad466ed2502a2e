/*
 * The few system calls that the sandbox program needs, made directly: there is no C library in it,
 * which keeps it below 20 KB per architecture.
 */
#ifndef PODYARD_KERNEL_H
#define PODYARD_KERNEL_H

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long u64;

struct span {
  long seconds;
  long nanos;
};

/* What the kernel tells of each thing in a folder. */
struct entry {
  u64 inode;
  long offset;
  u16 size;
  u8 type;
  char name[];
};

long kernel_call(long number, long a, long b, long c, long d, long e, long f);

#if defined(__x86_64__)
enum {
  SYS_READ = 0,
  SYS_WRITE = 1,
  SYS_CLOSE = 3,
  SYS_MMAP = 9,
  SYS_RT_SIGPROCMASK = 14,
  SYS_SOCKET = 41,
  SYS_CONNECT = 42,
  SYS_ACCEPT4 = 288,
  SYS_BIND = 49,
  SYS_LISTEN = 50,
  SYS_SHUTDOWN = 48,
  SYS_SETSOCKOPT = 54,
  SYS_GETSOCKOPT = 55,
  SYS_WAIT4 = 61,
  SYS_KILL = 62,
  SYS_UNAME = 63,
  SYS_UMASK = 95,
  SYS_RT_SIGTIMEDWAIT = 128,
  SYS_GETDENTS64 = 217,
  SYS_CLOCK_GETTIME = 228,
  SYS_EXIT_GROUP = 231,
  SYS_OPENAT = 257,
  SYS_MKDIRAT = 258,
  SYS_UNLINKAT = 263,
  SYS_PPOLL = 271,
  SYS_SIGNALFD4 = 289,
  SYS_STATX = 332,
  SYS_PIDFD_SEND_SIGNAL = 424,
  SYS_PIDFD_OPEN = 434
};
#elif defined(__aarch64__)
enum {
  SYS_MKDIRAT = 34,
  SYS_UNLINKAT = 35,
  SYS_OPENAT = 56,
  SYS_CLOSE = 57,
  SYS_GETDENTS64 = 61,
  SYS_READ = 63,
  SYS_WRITE = 64,
  SYS_PPOLL = 73,
  SYS_SIGNALFD4 = 74,
  SYS_EXIT_GROUP = 94,
  SYS_CLOCK_GETTIME = 113,
  SYS_KILL = 129,
  SYS_RT_SIGPROCMASK = 135,
  SYS_RT_SIGTIMEDWAIT = 137,
  SYS_UNAME = 160,
  SYS_UMASK = 166,
  SYS_SOCKET = 198,
  SYS_BIND = 200,
  SYS_LISTEN = 201,
  SYS_CONNECT = 203,
  SYS_SETSOCKOPT = 208,
  SYS_GETSOCKOPT = 209,
  SYS_SHUTDOWN = 210,
  SYS_MMAP = 222,
  SYS_ACCEPT4 = 242,
  SYS_WAIT4 = 260,
  SYS_STATX = 291,
  SYS_PIDFD_SEND_SIGNAL = 424,
  SYS_PIDFD_OPEN = 434
};
#else
#error "no system call numbers for this architecture"
#endif

enum { E_NO_ENTRY = 2, E_NO_PROCESS = 3, E_INTR = 4, E_AGAIN = 11, E_BUSY = 16, E_EXIST = 17, E_IN_PROGRESS = 115 };
enum { SIGNAL_INT = 2, SIGNAL_KILL = 9, SIGNAL_TERM = 15, SIGNAL_CHILD = 17, SIGNAL_STOP = 19 };
enum { OPEN_READ = 0, OPEN_WRITE = 1, OPEN_CREATE = 0100, OPEN_TRUNCATE = 01000, OPEN_APPEND = 02000 };
#if defined(__aarch64__)
enum { OPEN_DIRECTORY = 040000, OPEN_NO_FOLLOW = 0100000 };
#else
enum { OPEN_DIRECTORY = 0200000, OPEN_NO_FOLLOW = 0400000 };
#endif
enum { AT_CWD = -100 };

static inline long call1(long n, long a) { return kernel_call(n, a, 0, 0, 0, 0, 0); }
static inline long call2(long n, long a, long b) { return kernel_call(n, a, b, 0, 0, 0, 0); }
static inline long call3(long n, long a, long b, long c) {
  return kernel_call(n, a, b, c, 0, 0, 0);
}
static inline long call4(long n, long a, long b, long c, long d) {
  return kernel_call(n, a, b, c, d, 0, 0);
}

__attribute__((noreturn)) void leave(int code);

/* Milliseconds of the monotonic clock. */
long now_millis(void);

/* Blocks SIGTERM, SIGINT and SIGCHLD, so that they are waited for even by process 1. */
void hold_signals(void);

/* The mask of the signals held. */
u64 held_signals(void);

#endif
