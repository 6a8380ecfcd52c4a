// netload: the kernel's side of a benchmark, so that what is compared is driven by one and the same
// program: bulk both ways, round trips, new connections, over plain HTTP/1.1.
//
//   netload down  ADDRESS PORT SECONDS FLOWS   GET /bytes, thrown away as it comes    Gbit/s
//   netload up    ADDRESS PORT SECONDS FLOWS   POST /sink, without end                Gbit/s
//   netload rr    ADDRESS PORT SECONDS         GET /hello, one at a time              p50 p99 p99.9 us, /s
//   netload conns ADDRESS PORT SECONDS THREADS connect, GET /hello, until FIN         /s
//   netload serve ADDRESS PORT                 answers the first two, on the kernel's own TCP
//
// Build: gcc -O2 -o netload netload.c -lpthread
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { BUFFER = 1 << 20, WINDOW = 4 << 20, MAX_SAMPLES = 1 << 22 };

static struct sockaddr_in peer;
static volatile int stop, started;
static volatile uint64_t total;
static double seconds;

static void die(const char *what) {
    fprintf(stderr, "netload: %s: %s\n", what, strerror(errno));
    exit(1);
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec * 1e-9;
}

static int dial(int bulk) {
    int s = socket(AF_INET, SOCK_STREAM, 0), one = 1, window = WINDOW;
    struct timeval patience = {1, 0};
    if (s < 0) die("socket");
    if (bulk) {
        setsockopt(s, SOL_SOCKET, SO_RCVBUFFORCE, &window, sizeof window);
        setsockopt(s, SOL_SOCKET, SO_SNDBUFFORCE, &window, sizeof window);
    }
    setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(s, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (connect(s, (void *)&peer, sizeof peer)) {
        close(s);
        return -1;
    }
    return s;
}

static int say(int s, const char *text) {
    return send(s, text, strlen(text), MSG_NOSIGNAL) == (ssize_t)strlen(text);
}

static void add(uint64_t n) { __atomic_fetch_add(&total, n, __ATOMIC_RELAXED); }

static void *down(void *unused) {
    (void)unused;
    int s = dial(1);
    char *buffer = malloc(BUFFER);
    if (s < 0 || !say(s, "GET /bytes?n=1000000000000 HTTP/1.1\r\nHost: b\r\n\r\n")) die("down");
    while (!stop) {
        ssize_t n = recv(s, buffer, BUFFER, MSG_TRUNC);
        if (n > 0) add(n);
        else if (n == 0 || errno != EAGAIN) break;
    }
    struct linger abrupt = {1, 0};
    setsockopt(s, SOL_SOCKET, SO_LINGER, &abrupt, sizeof abrupt);
    close(s);
    return NULL;
}

static void *up(void *unused) {
    (void)unused;
    int s = dial(1);
    char *buffer = calloc(1, BUFFER);
    if (s < 0 || !say(s, "POST /sink HTTP/1.1\r\nHost: b\r\nContent-Length: 200000000000\r\n\r\n")) die("up");
    while (!stop) {
        ssize_t n = send(s, buffer, BUFFER / 4, MSG_NOSIGNAL);
        if (n > 0) add(n);
        else if (errno != EAGAIN) break;
    }
    struct linger abrupt = {1, 0};
    setsockopt(s, SOL_SOCKET, SO_LINGER, &abrupt, sizeof abrupt);
    close(s);
    return NULL;
}

static void *conns(void *unused) {
    (void)unused;
    char buffer[4096];
    while (!stop) {
        int s = dial(0);
        if (s < 0) continue;
        ssize_t n = 0, got = 0;
        if (say(s, "GET /hello HTTP/1.1\r\nHost: b\r\nConnection: close\r\n\r\n"))
            while ((n = recv(s, buffer, sizeof buffer, 0)) > 0) got += n;
        if (n == 0 && got > 0) add(1);
        close(s);
    }
    return NULL;
}

static int byValue(const void *a, const void *b) {
    float x = *(const float *)a, y = *(const float *)b;
    return x < y ? -1 : x > y;
}

static void rr(void) {
    char buffer[4096];
    float *samples = malloc(MAX_SAMPLES * sizeof *samples);
    long count = 0, warm = 0;
    int s = dial(0);
    if (s < 0) die("connect");
    double begin = now(), before = begin;
    while (before - begin < seconds && count < MAX_SAMPLES) {
        if (!say(s, "GET /hello HTTP/1.1\r\nHost: b\r\n\r\n") || recv(s, buffer, sizeof buffer, 0) <= 0) die("rr");
        double after = now();
        // The first half is for whoever compiles as it goes.
        if (before - begin > seconds / 2) samples[count++] = (after - before) * 1e6;
        else warm++;
        before = after;
    }
    qsort(samples, count, sizeof *samples, byValue);
    printf("%.1f %.1f %.1f %.0f\n", samples[count / 2], samples[count * 99 / 100], samples[count * 999 / 1000],
           count / (seconds / 2));
    close(s);
}

static void *answer(void *arg) {
    int s = (int)(long)arg;
    char *buffer = calloc(1, BUFFER);
    ssize_t n = recv(s, buffer, BUFFER, 0);
    if (n > 0 && buffer[0] == 'G') {
        const char *head = "HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n";
        send(s, head, strlen(head), MSG_NOSIGNAL);
        while (send(s, buffer, BUFFER / 4, MSG_NOSIGNAL) > 0) {}
    } else {
        while (recv(s, buffer, BUFFER, 0) > 0) {}
    }
    close(s);
    free(buffer);
    return NULL;
}

static void serve(void) {
    int l = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    setsockopt(l, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(l, (void *)&peer, sizeof peer) || listen(l, 256)) die("listen");
    for (;;) {
        int s = accept(l, NULL, NULL), window = WINDOW;
        if (s < 0) continue;
        setsockopt(s, SOL_SOCKET, SO_RCVBUFFORCE, &window, sizeof window);
        setsockopt(s, SOL_SOCKET, SO_SNDBUFFORCE, &window, sizeof window);
        pthread_t t;
        pthread_create(&t, NULL, answer, (void *)(long)s);
        pthread_detach(t);
    }
}

static double measure(void *(*work)(void *), int threads) {
    pthread_t t[1024];
    for (int i = 0; i < threads; i++) pthread_create(&t[i], NULL, work, NULL);
    // A third of the time is for slow start, and for whoever compiles as it goes.
    usleep(seconds * 1e6 / 3);
    uint64_t before = total;
    double begin = now();
    usleep(seconds * 2e6 / 3);
    double rate = (total - before) / (now() - begin);
    stop = 1;
    for (int i = 0; i < threads; i++) pthread_join(t[i], NULL);
    return rate;
}

int main(int c, char **v) {
    if (c < 4) {
        fprintf(stderr, "usage: netload down|up|rr|conns|serve ADDRESS PORT [SECONDS [FLOWS]]\n");
        return 2;
    }
    peer.sin_family = AF_INET;
    peer.sin_addr.s_addr = inet_addr(v[2]);
    peer.sin_port = htons(atoi(v[3]));
    seconds = c > 4 ? atof(v[4]) : 3;
    int flows = c > 5 ? atoi(v[5]) : 1;
    if (flows > 1024) flows = 1024;
    if (!strcmp(v[1], "serve")) serve();
    else if (!strcmp(v[1], "rr")) rr();
    else if (!strcmp(v[1], "conns")) printf("%.0f\n", measure(conns, flows));
    else printf("%.2f\n", measure(!strcmp(v[1], "up") ? up : down, flows) * 8e-9);
    return 0;
}
