package io.tunstack.tun;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.jna.Pointer;
import org.junit.jupiter.api.Test;

class NativeBlockTest {
  @Test
  void shouldShowTheSameBytes_atTheAddressAndInTheBuffer() {
    NativeBlock block = new NativeBlock(16);
    assertEquals(0, block.bytes().getLong(8));

    block.bytes().putLong(8, 0x0102030405060708L);

    assertEquals(0x0102030405060708L, new Pointer(block.address()).getLong(8));
  }
}
