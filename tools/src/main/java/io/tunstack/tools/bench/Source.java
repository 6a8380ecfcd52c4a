package io.tunstack.tools.bench;

import io.tunstack.engine.Stack;
import io.tunstack.engine.StackThread;
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
 * io.tunstack.tools.bench.Source memory|FILE}. The file is made, and found in the page cache
 * afterwards.
 */
final class Source {
  private static final int PORT = 80;

  private Source() {}

  /**
   * Runs until it is killed.
   *
   * @param args {@code memory}, or the path of a file that is written
   */
  public static void main(String[] args) throws IOException {
    byte[] bytes = UserBytes.content();
    HttpRouter router =
        HttpRouter.builder()
            .get(
                "/bytes",
                args[0].equals("memory")
                    ? UserBytes.fromMemory(bytes)
                    : UserBytes.fromFile(written(Path.of(args[0]), bytes)))
            .build();
    TunLink link = TunLink.open(TunConfig.builder().offload(true).build());
    Stack stack = Stack.builder(link, new SystemClock()).address("10.77.0.2/24").build();
    HttpServer.of(router).listen(Sockets.on(stack), PORT);
    StackThread thread = StackThread.start(stack, "tunstack");
    System.out.println("ready");
    thread.terminated().join();
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
