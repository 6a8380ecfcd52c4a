// netload: the kernel's side of a benchmark, so that what is compared is driven by one and the same
// program: bulk both ways, round trips, new connections, over plain HTTP/1.1.
//
//   netload down  ADDRESS PORT SECONDS FLOWS   GET /bytes, thrown away as it comes    Gbit/s
//   netload up    ADDRESS PORT SECONDS FLOWS   POST /sink, without end                Gbit/s
//   netload rr    ADDRESS PORT SECONDS         GET /hello, one at a time              p50 p99 p99.9 us, /s
//   netload conns ADDRESS PORT SECONDS THREADS connect, GET /hello, until FIN         /s
//   netload curve ADDRESS PORT SECONDS CONNECTIONS [PID]   opens so many, then GET /hello on all of them in
//                 turn, 64 under way; prints the CPU time that PID used: us/connection us/request connections/s
//                 requests/s, and how many of the us/request it spent outside the kernel
//   netload serve ADDRESS PORT                 answers the first two, on the kernel's own TCP
//   netload wire  DEVICE on|off                switches a device's segmentation offloads: off is what a wire carries
//
// More than 15,000 connections come from several processes and addresses: .1, and .9 and up of that network.
//
// Build: gcc -O2 -o netload netload.c -lpthread
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
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

// ---- many connections -------------------------------------------------------------------------

// One process has so many, because descriptors are limited, and ports: each has an address of its own.
enum { PER_PROCESS = 15000, UNDER_WAY = 64 };

static struct { volatile long open, requests; volatile int go, stop; } *shared;

// User and system time of a process so far, and the first of them alone, in seconds; 0 without one.
static double cpuOf(const char *pid, double *outside) {
    char name[64], line[1024];
    unsigned long user = 0, system = 0;
    *outside = 0;
    if (!pid) return 0;
    snprintf(name, sizeof name, "/proc/%s/stat", pid);
    FILE *f = fopen(name, "r");
    if (!f || !fgets(line, sizeof line, f)) die(name);
    fclose(f);
    sscanf(strrchr(line, ')') + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system);
    *outside = user / (double)sysconf(_SC_CLK_TCK);
    return (user + system) / (double)sysconf(_SC_CLK_TCK);
}

static void awaitEvents(int poll, struct epoll_event *events, int *count) {
    *count = epoll_wait(poll, events, UNDER_WAY, 5000);
    if (*count <= 0) {
        errno = *count ? errno : ETIMEDOUT;
        die("nothing comes");
    }
}

static int dialFrom(int process, int poll) {
    int s = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1;
    if (s < 0) die("socket");
    // .1 is the kernel, .2 the one that is measured; those from .9 on are there for this.
    struct sockaddr_in from = {.sin_family = AF_INET};
    from.sin_addr.s_addr = htonl((ntohl(peer.sin_addr.s_addr) & ~255u) + (process ? 8 + process : 1));
    setsockopt(s, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
    setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (bind(s, (void *)&from, sizeof from)) die("bind");
    if (connect(s, (void *)&peer, sizeof peer) && errno != EINPROGRESS) die("connect");
    struct epoll_event event = {.events = EPOLLOUT | EPOLLONESHOT, .data.fd = s};
    if (epoll_ctl(poll, EPOLL_CTL_ADD, s, &event)) die("epoll");
    return s;
}

static void askOn(int s, int poll) {
    if (!say(s, "GET /hello HTTP/1.1\r\nHost: b\r\n\r\n")) die("request");
    struct epoll_event event = {.events = EPOLLIN | EPOLLONESHOT, .data.fd = s};
    if (epoll_ctl(poll, EPOLL_CTL_MOD, s, &event)) die("epoll");
}

static void curveOf(int process, int connections, int underWay) {
    int poll = epoll_create1(0), *all = calloc(connections, sizeof *all), opened = 0, open = 0, next = 0, count;
    struct epoll_event events[UNDER_WAY];
    char buffer[4096];
    while (open < connections) {
        while (opened < connections && opened - open < underWay) all[opened++] = dialFrom(process, poll);
        awaitEvents(poll, events, &count);
        for (int i = 0; i < count; i++) {
            int error = 0;
            socklen_t size = sizeof error;
            getsockopt(events[i].data.fd, SOL_SOCKET, SO_ERROR, &error, &size);
            if (error) errno = error, die("connect");
        }
        open += count;
        __atomic_fetch_add(&shared->open, count, __ATOMIC_RELAXED);
    }
    while (!shared->go) usleep(1000);
    for (; next < underWay && next < connections; next++) askOn(all[next], poll);
    while (!shared->stop) {
        awaitEvents(poll, events, &count);
        for (int i = 0; i < count; i++) {
            if (recv(events[i].data.fd, buffer, sizeof buffer, 0) <= 0) die("response");
            // With fewer connections than may be under way, the one that has just answered is asked again.
            if (connections <= underWay) askOn(events[i].data.fd, poll);
            else askOn(all[next], poll), next = (next + 1) % connections;
        }
        __atomic_fetch_add(&shared->requests, count, __ATOMIC_RELAXED);
    }
    struct linger abrupt = {1, 0};
    for (int i = 0; i < connections; i++) {
        setsockopt(all[i], SOL_SOCKET, SO_LINGER, &abrupt, sizeof abrupt);
        close(all[i]);
    }
    exit(0);
}

static int failed(int processes) {
    int status, any = 0;
    while (processes-- > 0 && wait(&status) > 0) any |= status;
    return any != 0;
}

static void curve(int connections, const char *pid) {
    int processes = (connections + PER_PROCESS - 1) / PER_PROCESS;
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    double outside, before, cpu = cpuOf(pid, &outside), begin = now();
    for (int i = 0, left = connections; i < processes; i++, left -= PER_PROCESS)
        if (fork() == 0) curveOf(i, left < PER_PROCESS ? left : PER_PROCESS, UNDER_WAY / processes);
    while (shared->open < connections) {
        usleep(1000);
        if (waitpid(-1, NULL, WNOHANG) > 0) exit(1);
    }
    double opening = (cpuOf(pid, &outside) - cpu) / connections, rate = connections / (now() - begin);
    cpu = cpuOf(pid, &before), begin = now();
    shared->go = 1;
    usleep(seconds * 1e6);
    double each = (cpuOf(pid, &outside) - cpu) / shared->requests, requests = shared->requests / (now() - begin);
    double own = (outside - before) / shared->requests;
    shared->stop = 1;
    if (failed(processes)) exit(1);
    printf("%.2f %.2f %.0f %.0f %.2f\n", opening * 1e6, each * 1e6, rate, requests, own * 1e6);
}

// ---- a pair of veth as a wire -----------------------------------------------------------------

static void wire(const char *device, int on) {
    static const int features[] = {ETHTOOL_STSO, ETHTOOL_SGSO, ETHTOOL_SGRO, ETHTOOL_STXCSUM};
    int s = socket(AF_INET, SOCK_DGRAM, 0);
    for (unsigned i = 0; i < sizeof features / sizeof *features; i++) {
        // The checksum is switched first on the way on, last on the way off: the others need it.
        struct ethtool_value value = {features[on ? 3 - i : i], on};
        struct ifreq request = {0};
        snprintf(request.ifr_name, sizeof request.ifr_name, "%s", device);
        request.ifr_data = (void *)&value;
        if (ioctl(s, SIOCETHTOOL, &request)) die(device);
    }
    close(s);
}

static double measure(void *(*work)(void *), int threads) {
    pthread_t t[1024];
    if (threads > 1024) threads = 1024;
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
        fprintf(stderr, "usage: netload down|up|rr|conns|curve|serve ADDRESS PORT [SECONDS [FLOWS [PID]]]\n"
                        "       netload wire DEVICE on|off\n");
        return 2;
    }
    if (!strcmp(v[1], "wire")) {
        wire(v[2], !strcmp(v[3], "on"));
        return 0;
    }
    peer.sin_family = AF_INET;
    peer.sin_addr.s_addr = inet_addr(v[2]);
    peer.sin_port = htons(atoi(v[3]));
    seconds = c > 4 ? atof(v[4]) : 3;
    int flows = c > 5 ? atoi(v[5]) : 1;
    if (!strcmp(v[1], "serve")) serve();
    else if (!strcmp(v[1], "curve")) curve(flows, c > 6 ? v[6] : NULL);
    else if (!strcmp(v[1], "rr")) rr();
    else if (!strcmp(v[1], "conns")) printf("%.0f\n", measure(conns, flows));
    else printf("%.2f\n", measure(!strcmp(v[1], "up") ? up : down, flows) * 8e-9);
    return 0;
}
