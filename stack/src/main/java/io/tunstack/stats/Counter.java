package io.tunstack.stats;

/**
 * A counter that Linux has too, under Linux's name ({@code nstat -az} prints the same words).
 *
 * <p>The sources are RFC 1213, RFC 4022 and RFC 4293 for the groups {@code Ip}, {@code Icmp},
 * {@code Udp} and {@code Tcp}; {@code IpExt} and {@code TcpExt} are Linux's own, {@code Tunstack}
 * ours.
 */
public enum Counter {
  /** Packets received from the link, good or bad. */
  IP_IN_RECEIVES("Ip", "InReceives"),
  /** Packets with an error in the header: version, length, checksum, options. */
  IP_IN_HDR_ERRORS("Ip", "InHdrErrors"),
  /** Packets for or from an address that is not valid here. */
  IP_IN_ADDR_ERRORS("Ip", "InAddrErrors"),
  /** Packets for a transport that nobody registered. */
  IP_IN_UNKNOWN_PROTOS("Ip", "InUnknownProtos"),
  /** Good packets thrown away for want of room. */
  IP_IN_DISCARDS("Ip", "InDiscards"),
  /** Packets handed to a transport. */
  IP_IN_DELIVERS("Ip", "InDelivers"),
  /** Packets that transports asked to send. */
  IP_OUT_REQUESTS("Ip", "OutRequests"),
  /** Good packets that the link refused. */
  IP_OUT_DISCARDS("Ip", "OutDiscards"),
  /** Packets without a route. */
  IP_OUT_NO_ROUTES("Ip", "OutNoRoutes"),
  /** Fragments received. */
  IP_REASM_REQDS("Ip", "ReasmReqds"),
  /** Datagrams reassembled. */
  IP_REASM_OKS("Ip", "ReasmOKs"),
  /** Reassemblies given up, for whatever reason. */
  IP_REASM_FAILS("Ip", "ReasmFails"),
  /** Reassemblies given up because time was over. */
  IP_REASM_TIMEOUT("Ip", "ReasmTimeout"),
  /** Datagrams cut into fragments. */
  IP_FRAG_OKS("Ip", "FragOKs"),
  /** Datagrams that needed cutting and must not be cut. */
  IP_FRAG_FAILS("Ip", "FragFails"),
  /** Fragments made. */
  IP_FRAG_CREATES("Ip", "FragCreates"),

  /** Bytes received in packets whose header is good. */
  IP_IN_OCTETS("IpExt", "InOctets"),
  /** Bytes that transports asked to send, headers included. */
  IP_OUT_OCTETS("IpExt", "OutOctets"),
  /** Packets that are longer by their header than what arrived. */
  IP_IN_TRUNCATED("IpExt", "InTruncatedPkts"),
  /** Packets whose header has a wrong checksum. */
  IP_IN_CSUM_ERRORS("IpExt", "InCsumErrors"),
  /** Packets for a broadcast address, which nobody here listens to. */
  IP_IN_BCAST_PKTS("IpExt", "InBcastPkts"),
  /** Packets for a multicast address, which nobody here listens to. */
  IP_IN_MCAST_PKTS("IpExt", "InMcastPkts"),
  /** Packets received that may not be marked instead of being dropped (RFC 3168). */
  IP_IN_NO_ECT_PKTS("IpExt", "InNoECTPkts"),
  /** Packets received with ECT(1). */
  IP_IN_ECT1_PKTS("IpExt", "InECT1Pkts"),
  /** Packets received with ECT(0). */
  IP_IN_ECT0_PKTS("IpExt", "InECT0Pkts"),
  /** Packets received that were marked on their way. */
  IP_IN_CE_PKTS("IpExt", "InCEPkts"),

  /** ICMP messages received. */
  ICMP_IN_MSGS("Icmp", "InMsgs"),
  /** ICMP messages received with an error of their own. */
  ICMP_IN_ERRORS("Icmp", "InErrors"),
  /** ICMP messages with a wrong checksum. */
  ICMP_IN_CSUM_ERRORS("Icmp", "InCsumErrors"),
  /** Destination unreachable messages received. */
  ICMP_IN_DEST_UNREACHS("Icmp", "InDestUnreachs"),
  /** Time exceeded messages received. */
  ICMP_IN_TIME_EXCDS("Icmp", "InTimeExcds"),
  /** Parameter problem messages received. */
  ICMP_IN_PARM_PROBS("Icmp", "InParmProbs"),
  /** Source quenches received, and ignored (RFC 6633). */
  ICMP_IN_SRC_QUENCHS("Icmp", "InSrcQuenchs"),
  /** Redirects received, and ignored. */
  ICMP_IN_REDIRECTS("Icmp", "InRedirects"),
  /** Timestamp requests received, and ignored. */
  ICMP_IN_TIMESTAMPS("Icmp", "InTimestamps"),
  /** Address mask requests received, and ignored. */
  ICMP_IN_ADDR_MASKS("Icmp", "InAddrMasks"),
  /** Echo requests received. */
  ICMP_IN_ECHOS("Icmp", "InEchos"),
  /** Echo replies received. */
  ICMP_IN_ECHO_REPS("Icmp", "InEchoReps"),
  /** ICMP messages sent. */
  ICMP_OUT_MSGS("Icmp", "OutMsgs"),
  /** ICMP errors not sent because the rate of all is limited. */
  ICMP_OUT_RATE_LIMIT_GLOBAL("Icmp", "OutRateLimitGlobal"),
  /** ICMP errors not sent because the rate to each host is limited. */
  ICMP_OUT_RATE_LIMIT_HOST("Icmp", "OutRateLimitHost"),
  /** Destination unreachable messages sent. */
  ICMP_OUT_DEST_UNREACHS("Icmp", "OutDestUnreachs"),
  /** Time exceeded messages sent. */
  ICMP_OUT_TIME_EXCDS("Icmp", "OutTimeExcds"),
  /** Echo replies sent. */
  ICMP_OUT_ECHO_REPS("Icmp", "OutEchoReps"),

  /** Datagrams delivered to a UDP socket. */
  UDP_IN_DATAGRAMS("Udp", "InDatagrams"),
  /** Datagrams for a port where nobody listens. */
  UDP_NO_PORTS("Udp", "NoPorts"),
  /** Datagrams that could not be delivered for another reason, those named below included. */
  UDP_IN_ERRORS("Udp", "InErrors"),
  /** Datagrams with a wrong checksum. */
  UDP_IN_CSUM_ERRORS("Udp", "InCsumErrors"),
  /** Datagrams sent. */
  UDP_OUT_DATAGRAMS("Udp", "OutDatagrams"),
  /** Datagrams dropped because their socket's receive queue was full. */
  UDP_RCVBUF_ERRORS("Udp", "RcvbufErrors"),
  /** Datagrams dropped because the receive queues of all sockets together were too long. */
  UDP_MEM_ERRORS("Udp", "MemErrors"),

  /** Transitions from CLOSED to SYN-SENT. */
  TCP_ACTIVE_OPENS("Tcp", "ActiveOpens"),
  /** Transitions from LISTEN to SYN-RECEIVED. */
  TCP_PASSIVE_OPENS("Tcp", "PassiveOpens"),
  /** Opens that failed: SYN-SENT or SYN-RECEIVED to CLOSED, SYN-RECEIVED to LISTEN. */
  TCP_ATTEMPT_FAILS("Tcp", "AttemptFails"),
  /** Resets of ESTABLISHED or CLOSE-WAIT. */
  TCP_ESTAB_RESETS("Tcp", "EstabResets"),
  /** Segments received, errors included. */
  TCP_IN_SEGS("Tcp", "InSegs"),
  /** Segments sent, pure retransmissions excluded. */
  TCP_OUT_SEGS("Tcp", "OutSegs"),
  /** Segments retransmitted. */
  TCP_RETRANS_SEGS("Tcp", "RetransSegs"),
  /** Segments received in error. */
  TCP_IN_ERRS("Tcp", "InErrs"),
  /** Segments sent with RST. */
  TCP_OUT_RSTS("Tcp", "OutRsts"),
  /** Segments received with a wrong checksum. */
  TCP_IN_CSUM_ERRORS("Tcp", "InCsumErrors"),

  /** SYNs dropped at a listener. */
  TCP_LISTEN_DROPS("TcpExt", "ListenDrops"),
  /** Connections that completed while the accept queue was full. */
  TCP_LISTEN_OVERFLOWS("TcpExt", "ListenOverflows"),
  /** SYNs dropped because the half-open queue was full and cookies are off. */
  TCP_REQ_Q_FULL_DROP("TcpExt", "TCPReqQFullDrop"),
  /** SYNs answered with a cookie because the half-open queue was full. */
  TCP_REQ_Q_FULL_DO_COOKIES("TcpExt", "TCPReqQFullDoCookies"),
  /** SYN cookies sent. */
  SYNCOOKIES_SENT("TcpExt", "SyncookiesSent"),
  /** SYN cookies that came back and were good. */
  SYNCOOKIES_RECV("TcpExt", "SyncookiesRecv"),
  /** Acknowledgments that came while cookies were out and were of none of them. */
  SYNCOOKIES_FAILED("TcpExt", "SyncookiesFailed"),
  /** Connections that ended in TIME-WAIT. */
  TCP_TW("TcpExt", "TW"),
  /** TIME-WAIT entries that a new SYN took over. */
  TCP_TW_RECYCLED("TcpExt", "TWRecycled"),
  /** TIME-WAIT entries thrown out because the table was full. */
  TCP_TIME_WAIT_OVERFLOW("TcpExt", "TCPTimeWaitOverflow"),
  /** Acknowledgments sent by the delayed-acknowledgment timer. */
  TCP_DELAYED_ACKS("TcpExt", "DelayedACKs"),
  /** Segments dropped because their timestamp was old (RFC 7323 §5.3). */
  TCP_PAWS_ESTAB("TcpExt", "PAWSEstab"),
  /** Acknowledgments without data that advanced nothing. */
  TCP_PURE_ACKS("TcpExt", "TCPPureAcks"),
  /** Out-of-order segments queued. */
  TCP_OFO_QUEUE("TcpExt", "TCPOFOQueue"),
  /** Out-of-order segments dropped for want of room. */
  TCP_OFO_DROP("TcpExt", "TCPOFODrop"),
  /** Times that in-order text met a lack of memory. */
  PRUNE_CALLED("TcpExt", "PruneCalled"),
  /** Times that what came out of order was given up for it. */
  OFO_PRUNED("TcpExt", "OfoPruned"),
  /** In-order segments dropped because even that did not help. */
  RCV_PRUNED("TcpExt", "RcvPruned"),
  /** Challenge acknowledgments sent (RFC 5961). */
  TCP_CHALLENGE_ACK("TcpExt", "TCPChallengeACK"),
  /** Acknowledgments not sent because their rate is limited. */
  TCP_ACK_SKIPPED("TcpExt", "TCPACKSkippedChallenge"),
  /** SYNs received in a synchronized state (RFC 5961 §4). */
  TCP_SYN_CHALLENGE("TcpExt", "TCPSYNChallenge"),
  /** Retransmission time-outs. */
  TCP_TIMEOUTS("TcpExt", "TCPTimeouts"),
  /** Fast retransmissions. */
  TCP_FAST_RETRANS("TcpExt", "TCPFastRetrans"),
  /** Retransmissions in slow start, after a time-out. */
  TCP_SLOW_START_RETRANS("TcpExt", "TCPSlowStartRetrans"),
  /** Recoveries begun because of SACK (RFC 6675, RFC 8985). */
  TCP_SACK_RECOVERY("TcpExt", "TCPSackRecovery"),
  /** Recoveries begun by duplicate acknowledgments, without SACK (RFC 6582). */
  TCP_RENO_RECOVERY("TcpExt", "TCPRenoRecovery"),
  /** Recoveries with SACK that ended in a time-out. */
  TCP_SACK_RECOVERY_FAIL("TcpExt", "TCPSackRecoveryFail"),
  /** Recoveries without SACK that ended in a time-out. */
  TCP_RENO_RECOVERY_FAIL("TcpExt", "TCPRenoRecoveryFail"),
  /** Peers found to have dropped what they had SACKed (RFC 2018 §8). */
  TCP_SACK_RENEGING("TcpExt", "TCPSACKReneging"),
  /** SACK blocks that cannot be true. */
  TCP_SACK_DISCARD("TcpExt", "TCPSACKDiscard"),
  /** Retransmissions found to be lost themselves. */
  TCP_LOST_RETRANSMIT("TcpExt", "TCPLostRetransmit"),
  /** Tail loss probes sent (RFC 8985 §7). */
  TCP_LOSS_PROBES("TcpExt", "TCPLossProbes"),
  /** Losses that a tail loss probe repaired. */
  TCP_LOSS_PROBE_RECOVERY("TcpExt", "TCPLossProbeRecovery"),
  /** Time-outs found to be spurious (RFC 5682). */
  TCP_SPURIOUS_RTOS("TcpExt", "TCPSpuriousRTOs"),
  /** Windows restored after a time-out (RFC 4015). */
  TCP_LOSS_UNDO("TcpExt", "TCPLossUndo"),
  /** Windows restored at the end of a recovery. */
  TCP_FULL_UNDO("TcpExt", "TCPFullUndo"),
  /** Windows restored by timestamps in the midst of a recovery (RFC 3522). */
  TCP_PARTIAL_UNDO("TcpExt", "TCPPartialUndo"),
  /** Windows restored because D-SACKs accounted for every retransmission. */
  TCP_DSACK_UNDO("TcpExt", "TCPDSACKUndo"),
  /** D-SACKs received for what had been acknowledged. */
  TCP_DSACK_RECV("TcpExt", "TCPDSACKRecv"),
  /** D-SACKs received for what lies beyond the acknowledgment. */
  TCP_DSACK_OFO_RECV("TcpExt", "TCPDSACKOfoRecv"),
  /** D-SACKs received that cannot be true. */
  TCP_DSACK_IGNORED_OLD("TcpExt", "TCPDSACKIgnoredOld"),
  /** D-SACKs sent for text that had been acknowledged (RFC 2883). */
  TCP_DSACK_OLD_SENT("TcpExt", "TCPDSACKOldSent"),
  /** D-SACKs sent for text that was queued out of order. */
  TCP_DSACK_OFO_SENT("TcpExt", "TCPDSACKOfoSent"),
  /** SYNs and SYN-ACKs retransmitted. */
  TCP_SYN_RETRANS("TcpExt", "TCPSynRetrans"),
  /** Zero-window probes sent. */
  TCP_WIN_PROBE("TcpExt", "TCPWinProbe"),
  /** Times the window went to zero. */
  TCP_TO_ZERO_WINDOW_ADV("TcpExt", "TCPToZeroWindowAdv"),
  /** Times the window came back from zero. */
  TCP_FROM_ZERO_WINDOW_ADV("TcpExt", "TCPFromZeroWindowAdv"),
  /** Connections given up after too many time-outs. */
  TCP_ABORT_ON_TIMEOUT("TcpExt", "TCPAbortOnTimeout"),
  /** Connections reset because the application closed with data unread (RFC 2525 §2.17). */
  TCP_ABORT_ON_CLOSE("TcpExt", "TCPAbortOnClose"),
  /** Connections reset because data came after the application closed. */
  TCP_ABORT_ON_DATA("TcpExt", "TCPAbortOnData"),
  /** Connections refused or reset because a cap on memory was reached. */
  TCP_ABORT_ON_MEMORY("TcpExt", "TCPAbortOnMemory"),
  /** Keep-alive probes sent. */
  TCP_KEEP_ALIVE("TcpExt", "TCPKeepAlive"),
  /** Times a router said that the way to a destination carries less than thought. */
  IP_PATH_MTU_REDUCED("Tunstack", "PathMtuReduced"),
  /** Times full segments were lost so often that the way seems to swallow them. */
  TCP_BLACK_HOLE("Tunstack", "TCPBlackHole"),
  /** Connections reset because a callback of the application threw. */
  TCP_ABORT_ON_CALLBACK("Tunstack", "TCPAbortOnCallback"),
  /** Datagrams that the UDP forwarder was handed. */
  UDP_FORWARD_DATAGRAMS("Tunstack", "UDPForwardDatagrams"),
  /** Of these, those at which it threw. */
  UDP_FORWARD_FAILURES("Tunstack", "UDPForwardFailures"),
  /** SYNs that the forwarder was asked about. */
  TCP_FORWARD_REQUESTS("Tunstack", "TCPForwardRequests"),
  /** Of these, those it accepted. */
  TCP_FORWARD_ACCEPTS("Tunstack", "TCPForwardAccepts"),
  /** Of these, those it rejected, with a RST or with ICMP. */
  TCP_FORWARD_REJECTS("Tunstack", "TCPForwardRejects"),
  /** Of these, those that were not decided in time or that the peer withdrew. */
  TCP_FORWARD_EXPIRED("Tunstack", "TCPForwardExpired"),
  /** UDP sockets closed because a callback of the application threw. */
  UDP_CLOSE_ON_CALLBACK("Tunstack", "UDPCloseOnCallback"),
  /** Times the stack was given its turn; with nothing to do there are none. */
  TURNS("Tunstack", "Turns"),
  /** Bytes of payload received in order. */
  TCP_IN_BYTES("Tunstack", "TCPInBytes"),
  /** Bytes of payload sent for the first time. */
  TCP_OUT_BYTES("Tunstack", "TCPOutBytes");

  private final String group;
  private final String label;

  Counter(String group, String label) {
    this.group = group;
    this.label = label;
  }

  /**
   * Returns the group, as {@code nstat} prefixes it.
   *
   * @return {@code Ip}, {@code IpExt}, {@code Icmp}, {@code Udp}, {@code Tcp}, {@code TcpExt} or
   *     {@code Tunstack}
   */
  public String group() {
    return group;
  }

  /**
   * Returns the name within the group.
   *
   * @return Linux's word for it
   */
  public String label() {
    return label;
  }
}
