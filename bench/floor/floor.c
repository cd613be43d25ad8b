/*
 * floor PROTOCOL FILE: the least that it takes to give a kernel a number of netlink messages. FILE has datagrams, each
 * behind its size (32 bits, little-endian). Sends one after the other and waits for the acknowledgement of each one's
 * last message. Prints, as JSON, {"seconds": 0.123456, "messages": 1000, "sends": 5}; the clock runs from the first send
 * to the last acknowledgement, not while the file is read. Fails with the first error that the kernel answers.
 */
#include <errno.h>
#include <linux/netlink.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

/* All of it is in memory afterwards, so that no page is touched for the first time while the clock runs. */
static char *read_all(const char *path, size_t *size)
{
	FILE *file = fopen(path, "rb");
	struct stat status;
	char *bytes;

	if (!file || fstat(fileno(file), &status) < 0)
		fail(path);
	*size = status.st_size;
	bytes = malloc(*size + 1);
	if (!bytes || fread(bytes, 1, *size, file) != *size)
		fail(path);
	fclose(file);
	return bytes;
}

static size_t size_of(const char *datagram)
{
	uint32_t size;

	memcpy(&size, datagram, sizeof(size));
	return size;
}

/* The sequence number of the last message. */
static uint32_t last_of(const char *datagram, size_t size, long *messages)
{
	struct nlmsghdr header;
	size_t at = 0;

	do {
		memcpy(&header, datagram + at, sizeof(header));
		at += NLMSG_ALIGN(header.nlmsg_len);
		(*messages)++;
	} while (at < size);
	return header.nlmsg_seq;
}

static void await_answer(int netlink, uint32_t last)
{
	static char buffer[65536];

	for (;;) {
		int size = recv(netlink, buffer, sizeof(buffer), 0);
		struct nlmsghdr *message = (struct nlmsghdr *)buffer;

		if (size < 0)
			fail("recv");
		for (; NLMSG_OK(message, size); message = NLMSG_NEXT(message, size)) {
			const struct nlmsgerr *answer = NLMSG_DATA(message);

			if (message->nlmsg_type != NLMSG_ERROR)
				continue;
			if (answer->error) {
				fprintf(stderr, "message %u: %s\n", message->nlmsg_seq, strerror(-answer->error));
				exit(1);
			}
			if (message->nlmsg_seq == last)
				return;
		}
	}
}

int main(int argc, char **argv)
{
	size_t total, at = 0;
	long messages = 0, sends = 0;
	char *bytes;
	int netlink;
	double start;

	if (argc != 3) {
		fprintf(stderr, "usage: floor PROTOCOL FILE\n");
		return 2;
	}
	bytes = read_all(argv[2], &total);
	netlink = socket(AF_NETLINK, SOCK_RAW, atoi(argv[1]));
	if (netlink < 0)
		fail("socket");
	start = now();
	while (at < total) {
		const char *datagram = bytes + at + sizeof(uint32_t);
		size_t size = size_of(bytes + at);
		uint32_t last = last_of(datagram, size, &messages);

		if (send(netlink, datagram, size, 0) != (ssize_t)size)
			fail("send");
		await_answer(netlink, last);
		at += sizeof(uint32_t) + size;
		sends++;
	}
	printf("{\"seconds\": %.6f, \"messages\": %ld, \"sends\": %ld}\n", now() - start, messages, sends);
	return 0;
}
