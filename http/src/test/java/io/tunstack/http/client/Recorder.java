package io.tunstack.http.client;

import io.tunstack.http.wire.ResponseHead;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A handler that remembers everything, and takes as much as it is told to. */
final class Recorder implements ResponseHandler {
  final List<String> events = new ArrayList<>();
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  ResponseHead head;
  HttpFailure failure;
  boolean ended;

  /** Bytes that it still takes. */
  int appetite = Integer.MAX_VALUE;

  /** What it does when a call is over. */
  Runnable after = () -> {};

  /** What it does with each piece of the body. */
  Runnable onEachPiece = () -> {};

  @Override
  public void onConnected(InetSocketAddress local, InetSocketAddress remote, boolean reused) {
    events.add(reused ? "reused" : "connected");
  }

  @Override
  public void onRequestSent() {
    events.add("sent");
  }

  @Override
  public void onInterim(ResponseHead interim) {
    events.add("interim " + interim.status());
  }

  @Override
  public void onHead(ResponseHead response) {
    requireGoingOn();
    head = response;
    events.add("head " + response.status());
  }

  @Override
  public void onData(ByteBuffer data) {
    requireGoingOn();
    int count = Math.min(appetite, data.remaining());
    byte[] bytes = new byte[count];
    data.get(bytes);
    body.writeBytes(bytes);
    if (appetite != Integer.MAX_VALUE) {
      appetite -= count;
    }
    onEachPiece.run();
  }

  @Override
  public void onEnd() {
    requireGoingOn();
    ended = true;
    events.add("end");
    after.run();
  }

  @Override
  public void onFailure(HttpFailure why) {
    requireGoingOn();
    failure = why;
    events.add(why.kind().name());
    after.run();
  }

  private void requireGoingOn() {
    if (ended || failure != null) {
      // An exception would be caught where it is told.
      events.add("TOO LATE");
    }
  }

  boolean isOver() {
    return ended || failure != null;
  }

  byte[] bytes() {
    return body.toByteArray();
  }

  String text() {
    return body.toString(StandardCharsets.ISO_8859_1);
  }

  /** Everything that must not depend on how the bytes came. */
  String story() {
    return String.join(" ", events) + " | " + text();
  }
}
