// pathload: datagrams at a pace, to see how exact an emulated path is.
//
//   pathload send    ADDRESS PORT BIT_PER_SECOND SECONDS BYTES   packets of BYTES, IP header included
//   pathload receive PORT RATE_BIT_PER_SECOND DELAY_NANOS        until nothing has come for a second
//
// The receiver knows from the packets when each was sent, so when it should have come: after what
// was sent before it has left at RATE, and DELAY later. Printed is the rate that was received and how
// late packets were beyond that, in microseconds. Both ends are on one machine and have one clock.
//
// Build: gcc -O2 -o pathload pathload.c
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { HEADERS = 28, MAX_PACKETS = 1 << 22, SOCKET_BUFFER = 8 << 20 };

static int64_t lateness[MAX_PACKETS];

static int64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void until(int64_t nanos) {
  struct timespec t = {nanos / 1000000000, nanos % 1000000000};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) != 0) {
  }
}

static void die(const char *what) {
  perror(what);
  exit(1);
}

static int udp(void) {
  int fd = socket(AF_INET, SOCK_DGRAM, 0);
  int size = SOCKET_BUFFER;
  if (fd < 0) die("socket");
  setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size);
  setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof size);
  return fd;
}

static void sender(const char *address, int port, double rate, double seconds, int bytes) {
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
  char packet[65536] = {0};
  int fd = udp();
  inet_pton(AF_INET, address, &to.sin_addr);
  if (connect(fd, (struct sockaddr *)&to, sizeof to) < 0) die("connect");
  prctl(PR_SET_TIMERSLACK, 1);
  double gap = bytes * 8e9 / rate;
  int64_t begun = now();
  int64_t packets = (int64_t)(seconds * 1e9 / gap);
  for (int64_t i = 0; i < packets; i++) {
    int64_t due = begun + (int64_t)(i * gap);
    if (due > now()) until(due);
    int64_t sent = now();
    memcpy(packet, &sent, sizeof sent);
    send(fd, packet, bytes - HEADERS, 0);
  }
}

static int by_size(const void *a, const void *b) {
  int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
  return (x > y) - (x < y);
}

static void receiver(int port, double rate, int64_t delay) {
  struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons(port)};
  struct timeval patience = {.tv_sec = 10};
  char packet[65536];
  int fd = udp();
  if (bind(fd, (struct sockaddr *)&here, sizeof here) < 0) die("bind");
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  printf("ready\n");
  fflush(stdout);
  double departs = 0;
  int64_t first = 0, last = 0, bytes = 0;
  int packets = 0;
  patience.tv_sec = 1;
  for (ssize_t got; packets < MAX_PACKETS && (got = recv(fd, packet, sizeof packet, 0)) > 0; packets++) {
    int64_t arrived = now(), sent;
    memcpy(&sent, packet, sizeof sent);
    if (packets == 0) {
      first = arrived;
      setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    } else {
      bytes += got + HEADERS;
    }
    departs = (departs > sent ? departs : sent) + (got + HEADERS) * 8e9 / rate;
    lateness[packets] = arrived - (int64_t)departs - delay;
    last = arrived;
  }
  if (packets < 2) exit(1);
  qsort(lateness, packets, sizeof lateness[0], by_size);
  printf("packets %d Mbit/s %.3f late us: min %.0f p50 %.0f p99 %.0f p99.9 %.0f max %.0f\n", packets,
         bytes * 8e3 / (last - first), lateness[0] / 1e3, lateness[packets / 2] / 1e3,
         lateness[(int64_t)packets * 99 / 100] / 1e3, lateness[(int64_t)packets * 999 / 1000] / 1e3,
         lateness[packets - 1] / 1e3);
}

int main(int argc, char **argv) {
  if (argc == 7 && !strcmp(argv[1], "send")) {
    sender(argv[2], atoi(argv[3]), atof(argv[4]), atof(argv[5]), atoi(argv[6]));
  } else if (argc == 5 && !strcmp(argv[1], "receive")) {
    receiver(atoi(argv[2]), atof(argv[3]), atoll(argv[4]));
  } else {
    fprintf(stderr, "pathload: see the head of pathload.c\n");
    return 2;
  }
  return 0;
}
