// ceiling: what can a program possibly get through a Linux TUN device? The least that works: no
// timers, no reassembly, one prebuilt segment, go-back-N if anything is lost.
//
//   ceiling down   sends without end; a thread of the kernel's own TCP receives          Gbit/s
//   ceiling up     receives and acknowledges; a thread of the kernel's TCP sends         Gbit/s
//   ceiling echo   answers pings until it is killed
//
// It makes the device "tl0" in this network namespace: run it in one of its own.
// Options: mtu=1500 gso=1 secs=3 ack=16 (acknowledge every 16th packet, and when no more waits) spin=1 (never sleep)
//
// Build: gcc -O2 -o ceiling ceiling.c -lpthread
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <linux/virtio_net.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define KERNEL "10.77.0.1"
#define OURS "10.77.0.2"
enum { QUEUE = 10000, WINDOW = 4 << 20, SCALE = 10, SINK = 9000, SOURCE = 5555, BURST = 16 };

static int mtu = 1500, gso, secs = 3, ackEvery = 16, spin, front;
static volatile int stop, listening;
static volatile uint64_t received;

static void die(const char *what) {
    fprintf(stderr, "ceiling: %s: %s\n", what, strerror(errno));
    exit(1);
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec * 1e-9;
}

static int openTun(void) {
    int fd = open("/dev/net/tun", O_RDWR);
    if (fd < 0) die("/dev/net/tun");
    struct ifreq request = {0};
    strcpy(request.ifr_name, "tl0");
    request.ifr_flags = IFF_TUN | IFF_NO_PI | (gso ? IFF_VNET_HDR : 0);
    if (ioctl(fd, TUNSETIFF, &request) < 0) die("TUNSETIFF");
    if (gso) {
        int size = front;
        if (ioctl(fd, TUNSETVNETHDRSZ, &size) < 0) die("TUNSETVNETHDRSZ");
        if (ioctl(fd, TUNSETOFFLOAD, TUN_F_CSUM | TUN_F_TSO4) < 0) die("TUNSETOFFLOAD");
    }
    char command[400];
    snprintf(command, sizeof command,
             "ip link set lo up; ip addr add " KERNEL "/24 dev tl0 && ip link set tl0 mtu %d txqueuelen %d up", mtu, QUEUE);
    if (system(command)) die("ip");
    return fd;
}

static uint32_t sum(const void *data, int n, uint32_t start) {
    const uint16_t *word = data;
    uint64_t s = start;
    for (; n > 1; n -= 2) s += *word++;
    if (n) s += *(const uint8_t *)word;
    while (s >> 16) s = (s & 0xffff) + (s >> 16);
    return (uint32_t)s;
}

static uint16_t finish(uint32_t s) {
    s = (s & 0xffff) + (s >> 16);
    s = (s & 0xffff) + (s >> 16);
    return (uint16_t)~s;
}

static uint32_t pseudo(struct iphdr *ip, int length) {
    return sum(&ip->saddr, 8, 0) + htons(IPPROTO_TCP) + htons(length);
}

// Writes headers behind the front, and the checksum over what is behind them already.
static void build(uint8_t *b, int text, uint16_t from, uint16_t to, uint32_t seq, uint32_t ack, int flags, int window,
                  const uint8_t *options, int optionBytes) {
    int header = 20 + optionBytes;
    memset(b, 0, front + 40);
    struct iphdr *ip = (void *)(b + front);
    ip->version = 4, ip->ihl = 5, ip->tot_len = htons(20 + header + text), ip->ttl = 64, ip->protocol = IPPROTO_TCP;
    ip->frag_off = htons(IP_DF), ip->saddr = inet_addr(OURS), ip->daddr = inet_addr(KERNEL);
    ip->check = finish(sum(ip, 20, 0));
    struct tcphdr *tcp = (void *)(ip + 1);
    tcp->source = htons(from), tcp->dest = htons(to), tcp->seq = htonl(seq), tcp->ack_seq = htonl(ack);
    tcp->doff = header / 4, ((uint8_t *)tcp)[13] = flags, tcp->window = htons(window);
    if (optionBytes) memcpy(tcp + 1, options, optionBytes);
    tcp->check = finish(sum(tcp, header + text, pseudo(ip, header + text)));
}

static int isTcp(uint8_t *b, int n, struct tcphdr **tcp, int *text) {
    struct iphdr *ip = (void *)(b + front);
    if (n < front + 40 || ip->version != 4 || ip->protocol != IPPROTO_TCP) return 0;
    *tcp = (void *)((uint8_t *)ip + ip->ihl * 4);
    *text = n - front - ip->ihl * 4 - (*tcp)->doff * 4;
    return 1;
}

static void *kernelSink(void *unused) {
    (void)unused;
    int l = socket(AF_INET, SOCK_STREAM, 0), one = 1, window = WINDOW;
    setsockopt(l, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    setsockopt(l, SOL_SOCKET, SO_RCVBUFFORCE, &window, sizeof window);
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(SINK)};
    if (bind(l, (void *)&in, sizeof in) || listen(l, 4)) die("listen");
    listening = 1;
    int s = accept(l, NULL, NULL);
    char *buffer = malloc(1 << 20);
    ssize_t n;
    while (!stop && (n = recv(s, buffer, 1 << 20, MSG_TRUNC)) > 0) received += n;
    return NULL;
}

static void *kernelSource(void *unused) {
    (void)unused;
    int s = socket(AF_INET, SOCK_STREAM, 0), window = WINDOW;
    setsockopt(s, SOL_SOCKET, SO_SNDBUFFORCE, &window, sizeof window);
    struct timeval patience = {0, 500000};
    setsockopt(s, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(SINK), .sin_addr.s_addr = inet_addr(OURS)};
    if (connect(s, (void *)&in, sizeof in)) die("connect");
    char *buffer = calloc(1, 1 << 18);
    while (!stop) send(s, buffer, 1 << 18, MSG_NOSIGNAL);
    return NULL;
}

static void sleepFor(int fd) {
    struct pollfd p = {fd, POLLIN, 0};
    if (!spin) poll(&p, 1, 5);
}

static double down(void) {
    static uint8_t in[70000], out[256];
    int fd = openTun(), text, scale = 0;
    struct tcphdr *tcp;
    pthread_t thread;
    pthread_create(&thread, NULL, kernelSink, NULL);
    while (!listening) usleep(1000);
    int mss = mtu - 40;
    uint8_t options[8] = {2, 4, mss >> 8, mss & 255, 3, 3, 14, 1};
    build(out, 0, SOURCE, SINK, 1000, 0, TH_SYN, 65535, options, 8);
    if (write(fd, out, front + 48) < 0) die("SYN");
    for (;;) {
        int n = read(fd, in, sizeof in);
        if (isTcp(in, n, &tcp, &text) && tcp->syn && tcp->ack) break;
    }
    uint32_t irs = ntohl(tcp->seq) + 1, una = 1001, nxt = 1001;
    uint64_t window = ntohs(tcp->window);
    for (uint8_t *o = (uint8_t *)(tcp + 1), *end = (uint8_t *)tcp + tcp->doff * 4; o < end && *o; o += *o == 1 ? 1 : o[1])
        if (*o == 3) scale = o[2];
    build(out, 0, SOURCE, SINK, nxt, irs, TH_ACK, 65535, NULL, 0);
    if (write(fd, out, front + 40) < 0) die("ACK");
    fcntl(fd, F_SETFL, O_NONBLOCK);
    int segment = gso ? 65535 - 40 : mss;
    uint8_t *b = calloc(1, front + 40 + segment);
    memset(b + front + 40, 'A', segment);
    build(b, segment, SOURCE, SINK, nxt, irs, TH_ACK | TH_PUSH, 65535, NULL, 0);
    struct tcphdr *mine = (void *)(b + front + 20);
    uint32_t textSum = sum(b + front + 40, segment, 0), head = pseudo((void *)(b + front), 20 + segment);
    if (gso) {
        struct virtio_net_hdr *v = (void *)b;
        v->flags = VIRTIO_NET_HDR_F_NEEDS_CSUM, v->csum_start = 20, v->csum_offset = 16;
        v->gso_type = VIRTIO_NET_HDR_GSO_TCPV4, v->gso_size = mss, v->hdr_len = 40;
    }
    double begin = now(), progress = begin;
    while (now() - begin < secs) for (int i = 0; i < 64; i++) {
        for (int n; (n = read(fd, in, sizeof in)) > 0;) {
            if (!isTcp(in, n, &tcp, &text) || !tcp->ack) continue;
            uint32_t ack = ntohl(tcp->ack_seq);
            if ((int32_t)(ack - una) > 0) una = ack, progress = 0;
            if ((int32_t)(ack - nxt) > 0) nxt = ack;
            window = (uint64_t)ntohs(tcp->window) << scale;
        }
        if (progress == 0) progress = now();
        int sent = 0;
        for (; sent < BURST && (uint64_t)(nxt - una) + segment <= window; sent++, nxt += segment) {
            mine->seq = htonl(nxt);
            mine->check = 0;
            mine->check = gso ? ~finish(head) : finish(sum(mine, 20, head) + textSum);
            if (write(fd, b, front + 40 + segment) < 0) break;
        }
        if (sent == 0) {
            sleepFor(fd);
            if (now() - progress > 0.005 && nxt != una) nxt = una, progress = now();
        }
    }
    stop = 1;
    return received * 8e-9 / (now() - begin);
}

static double up(void) {
    static uint8_t in[70000], out[256];
    int fd = openTun(), text, since = 0;
    struct tcphdr *tcp;
    pthread_t thread;
    pthread_create(&thread, NULL, kernelSource, NULL);
    for (;;) {
        int n = read(fd, in, sizeof in);
        if (isTcp(in, n, &tcp, &text) && tcp->syn) break;
    }
    uint32_t rcv = ntohl(tcp->seq) + 1;
    uint16_t port = ntohs(tcp->source);
    int mss = mtu - 40;
    uint8_t options[8] = {2, 4, mss >> 8, mss & 255, 3, 3, SCALE, 1};
    build(out, 0, SINK, port, 5000, rcv, TH_SYN | TH_ACK, 65535, options, 8);
    if (write(fd, out, front + 48) < 0) die("SYN,ACK");
    build(out, 0, SINK, port, 5001, rcv, TH_ACK, WINDOW >> SCALE, NULL, 0);
    struct iphdr *ip = (void *)(out + front);
    struct tcphdr *mine = (void *)(ip + 1);
    mine->ack_seq = 0, mine->check = 0;
    uint32_t base = sum(mine, 20, pseudo(ip, 20));
    fcntl(fd, F_SETFL, O_NONBLOCK);
    uint64_t bytes = 0;
    double begin = now(), taken;
    while ((taken = now() - begin) < secs) for (int i = 0; i < 256; i++) {
        int n = read(fd, in, sizeof in);
        if (n < 0 && since == 0) {
            sleepFor(fd);
            continue;
        }
        if (n >= 0) {
            if (!isTcp(in, n, &tcp, &text) || text <= 0) continue;
            if (ntohl(tcp->seq) == rcv) rcv += text, bytes += text;
            if (++since < ackEvery) continue;
        }
        since = 0;
        mine->ack_seq = htonl(rcv);
        mine->check = finish(base + sum(&mine->ack_seq, 4, 0));
        if (write(fd, out, front + 40) < 0) die("ACK");
    }
    stop = 1;
    return bytes * 8e-9 / taken;
}

static void echo(void) {
    static uint8_t b[70000];
    int fd = openTun();
    printf("ready\n");
    fflush(stdout);
    for (;;) {
        struct pollfd p = {fd, POLLIN, 0};
        if (poll(&p, 1, 1000) <= 0) continue;
        int n = read(fd, b, sizeof b);
        struct iphdr *ip = (void *)(b + front);
        if (n < front + 28 || ip->version != 4 || ip->protocol != 1 || b[front + 20] != 8) continue;
        uint32_t address = ip->saddr;
        ip->saddr = ip->daddr, ip->daddr = address;
        b[front + 20] = 0;
        uint16_t *check = (uint16_t *)(b + front + 22);
        uint32_t s = (uint32_t)*check + htons(0x0800);
        *check = (s & 0xffff) + (s >> 16);
        if (write(fd, b, n) < 0) die("write");
    }
}

int main(int c, char **v) {
    if (c < 2) {
        fprintf(stderr, "usage: ceiling down|up|echo [mtu=N gso=1 secs=N ack=N spin=1]\n");
        return 2;
    }
    for (int i = 2; i < c; i++) {
        int x;
        if (sscanf(v[i], "mtu=%d", &x) == 1) mtu = x;
        else if (sscanf(v[i], "gso=%d", &x) == 1) gso = x;
        else if (sscanf(v[i], "secs=%d", &x) == 1) secs = x;
        else if (sscanf(v[i], "ack=%d", &x) == 1) ackEvery = x;
        else if (sscanf(v[i], "spin=%d", &x) == 1) spin = x;
        else die(v[i]);
    }
    front = gso ? sizeof(struct virtio_net_hdr) : 0;
    if (!strcmp(v[1], "echo")) echo();
    else printf("%.2f\n", !strcmp(v[1], "up") ? up() : down());
    return 0;
}
