package io.tunstack.tun;

import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A piece of memory with a fixed address, for the C structures of a call. Made once and reused;
 * freed by the garbage collector when nobody refers to it.
 */
final class NativeBlock {
  private final ByteBuffer bytes;
  private final long address;

  /** Makes a block of zeros. */
  NativeBlock(int size) {
    bytes = ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
    address = Unpooled.wrappedBuffer(bytes).memoryAddress();
  }

  /** Returns the address of the first byte, valid while this object is reachable. */
  long address() {
    return address;
  }

  /** Returns the content in the machine's byte order. */
  ByteBuffer bytes() {
    return bytes;
  }
}
