package io.tunstack.http;

/** What the server counts. */
public enum HttpCounter {
  /** Connections accepted. */
  CONNECTIONS("Connections"),
  /** Requests whose head was complete and good. */
  REQUESTS("Requests"),
  /** Responses completely handed to TCP. */
  RESPONSES("Responses"),
  /** Requests refused for what they are: 400, 413, 414, 417, 431, 501, 505. */
  REFUSED("Refused"),
  /** Requests that ended in the middle, by FIN or RST. */
  INCOMPLETE("Incomplete"),
  /** Heads that took too long: 408. */
  HEAD_TIMEOUTS("HeadTimeouts"),
  /** Bodies that took too long: 408 if nothing was answered yet. */
  BODY_TIMEOUTS("BodyTimeouts"),
  /** Connections ended because they were silent between requests. */
  IDLE_TIMEOUTS("IdleTimeouts"),
  /** Connections reset because the client did not take its response. */
  WRITE_TIMEOUTS("WriteTimeouts"),
  /** Exceptions of handlers, consumers and producers. */
  HANDLER_FAILURES("HandlerFailures"),
  /** Bytes thrown away: bodies nobody read, and what came after the last response. */
  DISCARDED_BYTES("DiscardedBytes"),
  /** Connections whose staged close was cut short by its limits. */
  LINGERS_CUT("LingersCut");

  private final String label;

  HttpCounter(String label) {
    this.label = label;
  }

  /**
   * Returns its name beside the stack's counters.
   *
   * @return such as {@code HttpRequests}
   */
  public String label() {
    return "Http" + label;
  }
}
