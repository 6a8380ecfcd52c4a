package io.tunstack.tools;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/** A server on the kernel's TCP that takes one connection and follows a script. */
final class KernelServer implements AutoCloseable {
  private final ServerSocket listener;
  private final CompletableFuture<String> request = new CompletableFuture<>();
  private final CompletableFuture<Void> end = new CompletableFuture<>();

  private KernelServer(ServerSocket listener) {
    this.listener = listener;
  }

  /** What it does with its connection once it has read a request's head. */
  @FunctionalInterface
  interface Script {
    void play(Socket socket) throws Exception;
  }

  /** Listens on a port of its own choice. */
  static KernelServer start(Script script) throws IOException {
    ServerSocket listener = new ServerSocket();
    listener.bind(new InetSocketAddress("0.0.0.0", 0));
    KernelServer server = new KernelServer(listener);
    new Thread(() -> server.serve(script), "kernel-server").start();
    return server;
  }

  /** Sends bytes and a FIN behind them, and reads until the client has finished too. */
  static KernelServer answering(String response) throws IOException {
    return start(
        socket -> {
          socket.getOutputStream().write(response.getBytes(StandardCharsets.ISO_8859_1));
          socket.shutdownOutput();
          // What is left unread would turn the end into a reset.
          socket.getInputStream().readAllBytes();
        });
  }

  private void serve(Script script) {
    try (Socket socket = listener.accept()) {
      socket.setTcpNoDelay(true);
      request.complete(head(socket.getInputStream()));
      script.play(socket);
    } catch (Exception e) {
      request.completeExceptionally(e);
      end.completeExceptionally(e);
    }
    end.complete(null);
  }

  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      int octet = in.read();
      if (octet < 0) {
        throw new IOException("no complete head: " + head);
      }
      head.write(octet);
    }
    return head.toString(StandardCharsets.ISO_8859_1);
  }

  int port() {
    return listener.getLocalPort();
  }

  /** The head of the request, once it has come. */
  String request() {
    return request.join();
  }

  /** Waits until its connection is closed; throws what the script did. */
  void awaitEnd() {
    end.join();
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
