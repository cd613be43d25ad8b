/*
 * await-real-server REQUEST COUNT ADDRESS LIMIT start COMMAND [ARGUMENT...]
 * await-real-server REQUEST COUNT ADDRESS LIMIT hangup PID
 *
 * Starts a daemon, or has one read its configuration again (SIGHUP), and waits until a virtual server has COUNT real
 * servers and one of them has this ADDRESS (in hexadecimal). REQUEST is a file with the netlink message that asks for
 * the real servers of that virtual server; it is sent every 20 ms and costs a fraction of one. Prints, as JSON,
 * {"pid": 123, "seconds": 1.234567}; after LIMIT seconds {"pid": 123, "seconds": null}.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/genetlink.h>
#include <linux/ip_vs.h>
#include <linux/netlink.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PAUSE_NANOSECONDS 20000000
#define ADDRESS_SIZE 16

extern char **environ;

static char request[4096];
static size_t request_size;
static unsigned char wanted[ADDRESS_SIZE];
static size_t wanted_size;

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

static void fail(const char *what, int error)
{
	fprintf(stderr, "%s: %s\n", what, strerror(error));
	exit(1);
}

static void read_request(const char *path)
{
	int file = open(path, O_RDONLY);
	ssize_t size = file < 0 ? -1 : read(file, request, sizeof(request));

	if (size < NLMSG_HDRLEN)
		fail(path, errno);
	request_size = size;
	close(file);
}

static void parse_address(const char *hex)
{
	unsigned int byte;

	while (wanted_size < ADDRESS_SIZE && sscanf(hex + 2 * wanted_size, "%2x", &byte) == 1)
		wanted[wanted_size++] = byte;
}

/* The first attribute of this type; NULL where there is none. */
static const struct nlattr *find(const char *at, int size, int type)
{
	while (size >= NLA_HDRLEN) {
		const struct nlattr *attribute = (const struct nlattr *)at;
		int step = NLA_ALIGN(attribute->nla_len);

		if ((attribute->nla_type & NLA_TYPE_MASK) == type)
			return attribute;
		if (step == 0)
			break;
		at += step;
		size -= step;
	}
	return NULL;
}

static int is_wanted(const struct nlmsghdr *message)
{
	const int headers = NLMSG_HDRLEN + GENL_HDRLEN;
	const struct nlattr *dest, *address;

	dest = find((const char *)message + headers, message->nlmsg_len - headers, IPVS_CMD_ATTR_DEST);
	if (!dest)
		return 0;
	address = find((const char *)dest + NLA_HDRLEN, dest->nla_len - NLA_HDRLEN, IPVS_DEST_ATTR_ADDR);
	return address && memcmp((const char *)address + NLA_HDRLEN, wanted, wanted_size) == 0;
}

/* One dump. A virtual server that is not there yet has none. */
static int is_there(int netlink, int count)
{
	static char buffer[65536];
	int seen = 0, found = 0;

	if (send(netlink, request, request_size, 0) < 0)
		fail("send", errno);
	for (;;) {
		int size = recv(netlink, buffer, sizeof(buffer), 0);
		struct nlmsghdr *message = (struct nlmsghdr *)buffer;

		if (size < 0)
			fail("recv", errno);
		for (; NLMSG_OK(message, size); message = NLMSG_NEXT(message, size)) {
			if (message->nlmsg_type == NLMSG_DONE || message->nlmsg_type == NLMSG_ERROR)
				return found && seen == count;
			seen++;
			found |= is_wanted(message);
		}
	}
}

static pid_t start(char **command)
{
	posix_spawn_file_actions_t actions;
	pid_t child;
	int error = posix_spawn_file_actions_init(&actions);

	for (int fd = 0; !error && fd < 3; fd++)
		error = posix_spawn_file_actions_addopen(&actions, fd, "/dev/null", O_RDWR, 0);
	if (!error)
		error = posix_spawnp(&child, command[0], &actions, NULL, command, environ);
	if (error)
		fail(command[0], error);
	return child;
}

int main(int argc, char **argv)
{
	const struct timespec pause = {.tv_nsec = PAUSE_NANOSECONDS};
	int netlink, status, is_ours;
	double begin, limit;
	pid_t pid;

	if (argc < 7) {
		fprintf(stderr, "usage: await-real-server REQUEST COUNT ADDRESS LIMIT start COMMAND... | hangup PID\n");
		return 2;
	}
	read_request(argv[1]);
	parse_address(argv[3]);
	limit = atof(argv[4]);
	netlink = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	if (netlink < 0)
		fail("socket", errno);
	is_ours = strcmp(argv[5], "start") == 0;
	begin = now();
	pid = is_ours ? start(argv + 6) : atoi(argv[6]);
	if (!is_ours && kill(pid, SIGHUP) < 0)
		fail("kill", errno);
	while (!is_there(netlink, atoi(argv[2]))) {
		if (is_ours && waitpid(pid, &status, WNOHANG) == pid) {
			fprintf(stderr, "%s: ended with status 0x%x\n", argv[6], status);
			return 1;
		}
		if (now() - begin > limit) {
			printf("{\"pid\": %d, \"seconds\": null}\n", pid);
			return 0;
		}
		nanosleep(&pause, NULL);
	}
	printf("{\"pid\": %d, \"seconds\": %.6f}\n", pid, now() - begin);
	return 0;
}
