/*
 * time-command INPUT COMMAND [ARGUMENT...]: runs the command with the file INPUT as its input and prints how long that
 * took, as JSON: {"seconds": 1.234567}. A small process starts others faster than a large one does, which has to copy
 * its page tables first; so what is compared is timed from here. Fails when the command does.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

static void check(int error, const char *what)
{
	if (error) {
		fprintf(stderr, "%s: %s\n", what, strerror(error));
		exit(1);
	}
}

int main(int argc, char **argv)
{
	posix_spawn_file_actions_t actions;
	pid_t child;
	int status;
	double start;

	if (argc < 3) {
		fprintf(stderr, "usage: time-command INPUT COMMAND [ARGUMENT...]\n");
		return 2;
	}
	check(posix_spawn_file_actions_init(&actions), "posix_spawn");
	check(posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, argv[1], O_RDONLY, 0), argv[1]);
	check(posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0), "/dev/null");
	start = now();
	check(posix_spawnp(&child, argv[2], &actions, NULL, argv + 2, environ), argv[2]);
	if (waitpid(child, &status, 0) != child) {
		perror("waitpid");
		return 1;
	}
	if (status != 0) {
		fprintf(stderr, "%s: ended with status 0x%x\n", argv[2], status);
		return 1;
	}
	printf("{\"seconds\": %.6f}\n", now() - start);
	return 0;
}
