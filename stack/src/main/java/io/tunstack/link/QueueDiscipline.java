package io.tunstack.link;

/** How the queue in front of a bottleneck says that it is too long. */
public enum QueueDiscipline {
  /** It drops what does not fit. */
  TAIL_DROP,
  /** CoDel (RFC 8289): it drops or marks while packets have waited too long for too long. */
  CODEL,
  /** Random early detection: it drops or marks the more, the longer the queue is on average. */
  RED
}
