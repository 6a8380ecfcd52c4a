package io.tunstack.tun;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.tun.TunException.Kind;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LibCTest {
  private static final int NONBLOCK = 0x800;

  private final NativeBlock block = new NativeBlock(64);

  @Test
  void shouldTellTheReason_whenACallFails() {
    Syscalls sys = LibC.load();
    block.bytes().put(0, "/no/such/file\0".getBytes(StandardCharsets.US_ASCII));

    assertEquals(-1, sys.open(block.address(), 0));
    assertEquals(Errno.ENOENT, sys.errno());
    assertEquals(-1, sys.close(Integer.MAX_VALUE));
    assertEquals(Errno.EBADF, sys.errno());
    assertEquals(-1, sys.ioctl(Integer.MAX_VALUE, TunDevice.TUNGETIFF, block.address()));
    assertEquals(Errno.EBADF, sys.errno());
    assertEquals(-1, sys.socket(-1, 0, 0));
  }

  @Test
  void shouldMoveBytes_whenReadingAndWriting() {
    Syscalls sys = LibC.load();
    int event = sys.eventfd(3, NONBLOCK);
    assertTrue(event > 0);
    block.bytes().putLong(0, 4).putLong(16, block.address()).putLong(24, 8);

    assertEquals(8, sys.write(event, block.address(), 8));
    assertEquals(8, sys.writev(event, block.address() + 16, 1));
    assertEquals(8, sys.read(event, block.address() + 8, 8));
    assertEquals(3 + 4 + 4, block.bytes().getLong(8));
    assertEquals(-1, sys.read(event, block.address(), 8));
    assertEquals(Errno.EAGAIN, sys.errno());
    assertEquals(0, sys.close(event));
  }

  @Test
  void shouldSayWhatIsNeeded_whenThisIsNotLinux() {
    TunException refusal = assertThrows(TunException.class, () -> LibC.load("Plan 9", () -> {}));

    assertEquals(Kind.UNSUPPORTED_SYSTEM, refusal.kind());
    assertTrue(refusal.getMessage().contains("Plan 9"));
  }

  static Stream<Throwable> failuresToLoad() {
    return Stream.of(
        new UnsatisfiedLinkError("/tmp/jna.tmp: failed to map segment from shared object"),
        new NoClassDefFoundError("Could not initialize class"),
        new ExceptionInInitializerError("no room"));
  }

  @ParameterizedTest
  @MethodSource("failuresToLoad")
  void shouldTellOfTheFolder_whenJnaCannotBeUnpacked(Throwable cause) {
    TunException refusal =
        assertThrows(
            TunException.class,
            () ->
                LibC.load(
                    "Linux",
                    () -> {
                      throw (Error) cause;
                    }));

    assertEquals(Kind.NATIVE_LIBRARY, refusal.kind());
    assertSame(cause, refusal.getCause());
    assertTrue(refusal.getMessage().contains(cause.getMessage()));
    assertTrue(refusal.getMessage().contains("-Djna.tmpdir="));
  }
}
