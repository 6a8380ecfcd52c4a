package io.tunstack.packetdrill;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.junit.jupiter.api.Test;

class OptionsTest {
  @Test
  void shouldReadWhatItWrites_inThatOrder() {
    List<String> options =
        List.of(
            "mss 1460",
            "sackOK",
            "TS val 4294967295 ecr 7",
            "nop",
            "wscale 7",
            "sack 1:2 4294967290:3",
            "eol");
    ByteBuf buf = Unpooled.buffer();
    options.forEach(option -> Options.emit(option, buf, -5));
    assertEquals(options, Options.read(buf, 0, buf.writerIndex(), -5));
    assertEquals(
        "sack 4294967292:4294967293 4294967285:4294967294",
        Options.read(buf, 0, buf.writerIndex(), 0).get(5));
  }

  @Test
  void shouldReadUpToWhatIsMalformed() {
    assertEquals(List.of("nop", "malformed"), read(1, 2, 5, 1));
    assertEquals(List.of("nop", "malformed"), read(1, 8));
    assertEquals(List.of("malformed"), read(8, 0));
    assertEquals(List.of("opt 254 (3)", "nop"), read(254, 3, 9, 1));
  }

  private static List<String> read(int... bytes) {
    ByteBuf buf = Unpooled.buffer();
    for (int each : bytes) {
      buf.writeByte(each);
    }
    return Options.read(buf, 0, bytes.length, 0);
  }

  @Test
  void shouldWriteAnyKind() {
    ByteBuf buf = Unpooled.buffer();
    Options.emit(Options.parse(new Cursor("opt 253 0xabcd>")).get(0), buf, 0);
    assertEquals(4, buf.writerIndex());
    assertEquals(0xfd04abcd, buf.getInt(0));
  }
}
