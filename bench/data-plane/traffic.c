/*
 * TCP over IPv4, both ends of it:
 *
 *   traffic serve PORT        takes every connection and reads what comes; prints "ready" when it listens
 *
 *   traffic connect MS ...    opens connections one after the other for so many milliseconds, one at least; prints the
 *                             microseconds of each, as a JSON array
 *   traffic send MS ...       writes over one connection; prints the bytes per second that were acknowledged
 *   traffic hold COUNT ...    opens so many connections, prints "ready", and keeps them until its input ends
 *
 * The last three are followed by SOURCE PLACE ADDRESS...: connections go to port 80 of the addresses in turn, from the
 * source address, and from one port after the other, beginning at that place in the range of ports. They end with a
 * reset. So a port is free again at once, but on a node on the way it is not for a while: two Services with one endpoint
 * must not be asked from one port.
 */
#include <arpa/inet.h>
#include <linux/sockios.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define SERVICE_PORT 80
#define MOST_FILES 200000
#define FIRST_PORT 10000
#define PORTS 50000

static char buffer[1 << 18];

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

static int open_socket(void)
{
	const struct linger reset = {.l_onoff = 1};
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset)) < 0)
		fail("socket");
	return fd;
}

struct targets {
	const char *source;
	int place;
	char **addresses;
	int count;
};

static struct sockaddr_in address_of(const char *text, int port)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};

	if (inet_pton(AF_INET, text, &address.sin_addr) != 1)
		fail(text);
	return address;
}

static int connect_to(const struct targets *targets, int at)
{
	struct sockaddr_in source = address_of(targets->source, FIRST_PORT + (targets->place + at) % PORTS);
	struct sockaddr_in address = address_of(targets->addresses[at % targets->count], SERVICE_PORT);
	int fd = open_socket();

	if (bind(fd, (struct sockaddr *)&source, sizeof(source)) < 0)
		fail("bind");
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		fail("connect");
	return fd;
}

static void allow_many_files(void)
{
	const struct rlimit limit = {MOST_FILES, MOST_FILES};

	if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
		fail("setrlimit");
}

static void say_ready(void)
{
	puts("ready");
	fflush(stdout);
}

static void watch(int poll, int fd)
{
	struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};

	if (epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event) < 0)
		fail("epoll_ctl");
}

static void serve(int port)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
	struct epoll_event event;
	int listener = open_socket(), poll = epoll_create1(0);

	allow_many_files();
	if (bind(listener, (struct sockaddr *)&address, sizeof(address)) < 0 || listen(listener, 4096) < 0)
		fail("listen");
	watch(poll, listener);
	say_ready();
	while (epoll_wait(poll, &event, 1, -1) > 0) {
		if (event.data.fd == listener)
			watch(poll, accept(listener, NULL, NULL));
		else if (read(event.data.fd, buffer, sizeof(buffer)) <= 0)
			close(event.data.fd);
	}
	fail("epoll_wait");
}

static void measure_connects(double seconds, const struct targets *targets)
{
	double end = now() + seconds;
	int at = 0;

	do {
		double start = now();
		int fd = connect_to(targets, at);

		printf("%s%.1f", at ? "," : "[", (now() - start) * 1e6);
		close(fd);
		at++;
	} while (now() < end);
	puts("]");
}

static void measure_sending(double seconds, const struct targets *targets)
{
	int fd = connect_to(targets, 0), unsent = 0;
	double sent = 0, start = now();

	while (now() < start + seconds) {
		ssize_t written = write(fd, buffer, sizeof(buffer));

		if (written < 0)
			fail("write");
		sent += written;
	}
	if (ioctl(fd, SIOCOUTQ, &unsent) < 0)
		fail("SIOCOUTQ");
	printf("%.0f\n", (sent - unsent) / (now() - start));
	close(fd);
}

static void hold(int connections, const struct targets *targets)
{
	allow_many_files();
	for (int at = 0; at < connections; at++)
		connect_to(targets, at);
	say_ready();
	while (read(STDIN_FILENO, buffer, sizeof(buffer)) > 0)
		;
}

int main(int argc, char **argv)
{
	const char *mode = argc > 2 ? argv[1] : "";
	const int amount = argc > 2 ? atoi(argv[2]) : 0;

	if (!strcmp(mode, "serve"))
		serve(amount);
	if (argc < 6)
		return 2;
	const struct targets targets = {argv[3], atoi(argv[4]), argv + 5, argc - 5};

	if (!strcmp(mode, "connect"))
		measure_connects(amount / 1e3, &targets);
	else if (!strcmp(mode, "send"))
		measure_sending(amount / 1e3, &targets);
	else if (!strcmp(mode, "hold"))
		hold(amount, &targets);
	else
		return 2;
	return 0;
}
