package io.tunstack.tools;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * nginx on the kernel's TCP, in this test's network namespace, as a child of the test with a
 * configuration and a folder of its own. Closing it ends it.
 */
final class Nginx implements AutoCloseable {
  static final int PORT = 8080;

  private static final String CONFIGURATION =
      """
      daemon off;
      master_process off;
      pid nginx.pid;
      error_log stderr;
      events {}
      http {
        access_log off;
        client_body_temp_path temp;
        proxy_temp_path temp;
        fastcgi_temp_path temp;
        uwsgi_temp_path temp;
        scgi_temp_path temp;
        server {
          listen 0.0.0.0:PORT;
          root www;
          location /chunked { ssi on; ssi_types *; }
          location /moved { return 302 /small; }
          location /empty { return 204; }
        }
      }
      """;

  private final Process process;
  final Path root;

  private Nginx(Process process, Path root) {
    this.process = process;
    this.root = root;
  }

  /** Starts it in a folder and waits until it answers. Files to serve go into {@link #root}. */
  static Nginx start(Path folder) {
    try {
      Path root = Files.createDirectory(folder.resolve("www"));
      Path configuration = folder.resolve("nginx.conf");
      Files.writeString(configuration, CONFIGURATION.replace("PORT", Integer.toString(PORT)));
      Process process =
          new ProcessBuilder(
                  "/usr/sbin/nginx", "-p", folder.toString(), "-c", configuration.toString())
              .redirectInput(new File("/dev/null"))
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("nginx.log").toFile())
              .start();
      Nginx nginx = new Nginx(process, root);
      Run.shell(
              "curl --silent --output /dev/null --retry 50 --retry-connrefused --retry-delay 1"
                  + " --max-time 60 http://127.0.0.1:"
                  + PORT
                  + "/")
          .ok();
      return nginx;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
