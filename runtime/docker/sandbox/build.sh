#!/bin/sh
# Rebuilds the sandbox program for both architectures. Needs gcc and gcc-aarch64-linux-gnu (on an
# arm64 machine gcc-x86-64-linux-gnu); CC_AMD64 and CC_ARM64 name other compilers.
set -eu
cd "$(dirname "$0")"
out=../src/main/resources/io/podyard/runtime/docker/sandbox
mkdir -p "$out"
build() { # compiler, architecture
  "$1" -std=gnu17 -Os -Wall -Wextra -Werror -ffreestanding -fno-builtin -fno-stack-protector \
    -fno-asynchronous-unwind-tables -fno-tree-loop-distribute-patterns -ffunction-sections \
    -nostdlib -static -no-pie -fno-pie -Wl,--gc-sections -Wl,--build-id=none -Wl,-z,noseparate-code \
    -s -o "$out/sandbox-$2" src/*.c
  size=$(wc -c <"$out/sandbox-$2")
  echo "$out/sandbox-$2: $size bytes"
  test "$size" -le 1048576
}
case "$(uname -m)" in
  aarch64) amd64=x86_64-linux-gnu-gcc arm64=gcc ;;
  *) amd64=gcc arm64=aarch64-linux-gnu-gcc ;;
esac
build "${CC_AMD64:-$amd64}" amd64
build "${CC_ARM64:-$arm64}" arm64
