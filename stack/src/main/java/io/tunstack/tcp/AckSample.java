package io.tunstack.tcp;

import io.tunstack.wire.Seq;

/**
 * What one acknowledgment has told, gathered while it is read and then shown to loss detection and
 * congestion control. One object serves a stack; all sizes are bytes, all times nanoseconds.
 */
final class AckSample {
  /** There is no round-trip time in it. */
  static final long NO_RTT = -1;

  long now;

  /** Whether SACK is on: without it a jump of the acknowledgment says little about when. */
  boolean sackPermitted;

  /** SND.UNA before it. */
  int priorUna;

  /** The highest sequence number that was known to be delivered before it. */
  int priorFack;

  /** Up to where data was sent when the present recovery began. */
  int recoveryPoint;

  /** The smallest round trip of late, or {@link #NO_RTT}. */
  long minRtt;

  /** The smoothed round trip. */
  long srtt;

  /** What was in flight before it. */
  int priorInFlight;

  /** SND.UNA has advanced. */
  boolean advanced;

  /** By how much. */
  int acked;

  /** RFC 5681 §2's duplicate acknowledgment. */
  boolean duplicate;

  /** What is newly known to have arrived, by acknowledgment or SACK. */
  int delivered;

  /** What of that was told by SACK. */
  int newlySacked;

  /** The longest segment of it. */
  int longest;

  /** The first block is a D-SACK (RFC 2883). */
  boolean duplicateSack;

  int duplicateStart;
  int duplicateEnd;

  /** The timestamp that it echoes, if it echoes one (RFC 7323). */
  boolean echoKnown;

  int echo;

  /** It is of the last transmission of what it acknowledges first, so that it can be measured. */
  boolean echoLatest;

  /** The peer echoes congestion (RFC 3168). */
  boolean congestionEchoed;

  /** The round-trip time of the newest piece that was sent once. */
  long rtt;

  /** Something that was sent once and lies below the recovery point was delivered. */
  boolean originalDelivered;

  /** Something that was sent again was delivered. */
  boolean retransmissionDelivered;

  /** Something was delivered behind something that was sent after it: reordering (RFC 8985). */
  boolean reordered;

  /** The longest time from leaving to arriving of what was overtaken; 0 if nothing was. */
  long overtakenTrip;

  /** The longest time since anything delivered had left; something sent again does not count. */
  long longestTrip;

  /** The transmission that was sent last of those delivered (RFC 8985 §6.2 step 2). */
  boolean newestKnown;

  long newestSentAt;
  int newestEnd;
  long newestRtt;

  /** How much was found to be lost. */
  int lost;

  /** A retransmission is among it. */
  boolean retransmissionLost;

  /** What is in flight after it. */
  int inFlight;

  /** The window was what held the sender back; if not, it must not grow (RFC 7661 §4.3). */
  boolean cwndLimited;

  /** Everything delivered so far, on this connection. */
  long totalDelivered;

  /** What was delivered when the newest piece of it left: a round trip lies in between. */
  long priorDelivered;

  /** Delivered in {@link #rateInterval}, which is 0 when there is no sample. */
  long rateDelivered;

  long rateInterval;

  /** The application was what limited the sender when that piece left. */
  boolean appLimited;

  /** Makes it empty again for the next acknowledgment. */
  void reset(long time) {
    now = time;
    advanced = false;
    acked = 0;
    duplicate = false;
    delivered = 0;
    newlySacked = 0;
    longest = 0;
    duplicateSack = false;
    echoKnown = false;
    echoLatest = false;
    congestionEchoed = false;
    rtt = NO_RTT;
    originalDelivered = false;
    retransmissionDelivered = false;
    reordered = false;
    overtakenTrip = 0;
    longestTrip = 0;
    newestKnown = false;
    lost = 0;
    retransmissionLost = false;
    rateInterval = 0;
    rateDelivered = 0;
    appLimited = false;
    priorDelivered = 0;
  }

  /** Takes the round trip of a piece that was sent once. */
  void measure(long sample) {
    if (rtt == NO_RTT || sample < rtt) {
      rtt = sample;
    }
  }

  /** Notes the trip of something that others have overtaken. */
  void noteOvertaken(long trip) {
    reordered = true;
    overtakenTrip = Math.max(overtakenTrip, trip);
  }

  /** Notes a transmission that was delivered, for RACK. */
  void noteNewest(long sentAt, int end) {
    if (!newestKnown || sentAfter(sentAt, end, newestSentAt, newestEnd)) {
      newestKnown = true;
      newestSentAt = sentAt;
      newestEnd = end;
      newestRtt = now - sentAt;
    }
  }

  /** RFC 8985 §6.2: which of two transmissions left later; in one instant, the higher. */
  static boolean sentAfter(long sentAt, int end, long otherSentAt, int otherEnd) {
    return sentAt > otherSentAt || (sentAt == otherSentAt && Seq.gt(end, otherEnd));
  }
}
