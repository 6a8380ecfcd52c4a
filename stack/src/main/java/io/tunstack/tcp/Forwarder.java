package io.tunstack.tcp;

/** Who decides about connections that no listener takes, to whatever host they are meant. */
@FunctionalInterface
public interface Forwarder {
  /**
   * A SYN has come. Called from the ready list on the engine thread; the decision may be made here
   * or later. An exception rejects the request.
   *
   * @param request what to decide about
   */
  void onRequest(ForwardRequest request);
}
