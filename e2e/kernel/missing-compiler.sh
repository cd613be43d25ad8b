#!/bin/sh
# Prints the Debian packages that are missing for compiling C, a space before each.
command -v cc >/dev/null || printf ' gcc'
# A compiler alone has no header files of the C library and of the kernel.
printf '#include <stdio.h>\n#include <linux/ip_vs.h>\n' | cc -fsyntax-only -x c - 2>/dev/null || printf ' libc6-dev'
