package io.tunstack.tools.bench;

import io.tunstack.engine.Stack;
import io.tunstack.engine.StackThread;
import io.tunstack.http.HttpHandler;
import io.tunstack.http.HttpRouter;
import io.tunstack.http.HttpServer;
import io.tunstack.net.Sockets;
import io.tunstack.time.SystemClock;
import io.tunstack.tun.TunConfig;
import io.tunstack.tun.TunLink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The stack with a server whose {@code /bytes} are an application's: {@code java -cp tunstack.jar
 * io.tunstack.tools.bench.Source memory|read|mapped FILE}. The file is made, and found in the page
 * cache afterwards.
 */
final class Source {
  private static final int PORT = 80;

  private Source() {}

  /**
   * Runs until it is killed.
   *
   * @param args {@code memory}; or how the file gets to the socket, and the path where it is
   *     written
   */
  public static void main(String[] args) throws IOException {
    HttpRouter router = HttpRouter.builder().get("/bytes", handler(args)).build();
    TunLink link = TunLink.open(TunConfig.builder().offload(true).build());
    Stack stack = Stack.builder(link, new SystemClock()).address("10.77.0.2/24").build();
    HttpServer.of(router).listen(Sockets.on(stack), PORT);
    StackThread thread = StackThread.start(stack, "tunstack");
    System.out.println("ready");
    thread.terminated().join();
  }

  private static HttpHandler handler(String[] args) throws IOException {
    byte[] bytes = UserBytes.content();
    if (args[0].equals("memory")) {
      return UserBytes.fromMemory(bytes);
    }
    FileChannel file = written(Path.of(args[1]), bytes);
    return args[0].equals("mapped") ? UserBytes.fromMapping(file) : UserBytes.fromFile(file);
  }

  private static FileChannel written(Path path, byte[] bytes) throws IOException {
    FileChannel file =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    ByteBuffer all = ByteBuffer.wrap(bytes);
    while (all.hasRemaining()) {
      file.write(all);
    }
    return file;
  }
}
