/*
 * For linux.uml, by LD_PRELOAD: lets it run on CPUs with AMX.
 *
 * User-mode Linux 6.1 keeps 2,696 bytes of a process's extended state (arch/x86/um/user-offsets.c), which is all but the
 * tiles of AMX. A host whose CPU has them gives so much of it, but takes back nothing less than the whole (xstateregs_set in
 * arch/x86/kernel/fpu/regset.c): every guest would die of EFAULT before its first instruction. So the rest is added here.
 * It is zero: a process has no tiles before it asks for them by arch_prctl, which is a system call that guests lack.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <elf.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/types.h>
#include <sys/uio.h>

static char whole[1 << 16];

static long (*next)(enum __ptrace_request, pid_t, void *, void *);

/* Bytes of the host's extended state; the same for all processes. 0 if it does not tell. */
static size_t whole_size(pid_t process)
{
	static size_t size;
	struct iovec state = {whole, sizeof whole};

	if (!size && !next(PTRACE_GETREGSET, process, (void *)NT_X86_XSTATE, &state)) {
		size = state.iov_len;
		memset(whole, 0, sizeof whole);
	}
	return size;
}

long ptrace(enum __ptrace_request request, ...)
{
	va_list rest;
	va_start(rest, request);
	pid_t process = va_arg(rest, pid_t);
	void *address = va_arg(rest, void *);
	void *data = va_arg(rest, void *);
	va_end(rest);

	if (!next)
		next = (long (*)(enum __ptrace_request, pid_t, void *, void *))dlsym(RTLD_NEXT, "ptrace");
	if (request == PTRACE_SETREGSET && address == (void *)NT_X86_XSTATE) {
		const struct iovec *part = data;
		size_t size = whole_size(process);

		if (part->iov_len < size) {
			struct iovec state = {whole, size};

			memcpy(whole, part->iov_base, part->iov_len);
			return next(request, process, address, &state);
		}
	}
	return next(request, process, address, data);
}
