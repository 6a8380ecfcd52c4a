package io.tunstack.packetdrill;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * TCP options one by one as they lie in a header, padding too: {@code mss 1460}, {@code nop},
 * {@code eol}, {@code sackOK}, {@code wscale 7}, {@code TS val 1 ecr 2}, {@code sack 1:2 3:4}, or
 * {@code opt 254 0102} for one of any kind.
 */
final class Options {
  private static final int EOL = 0;
  private static final int NOP = 1;
  private static final int MSS = 2;
  private static final int WSCALE = 3;
  private static final int SACK_OK = 4;
  private static final int SACK = 5;
  private static final int TS = 8;

  private Options() {}

  /** Reads what stands before {@code >}; null for {@code ...}. */
  static List<String> parse(Cursor in) {
    if (in.take("...")) {
      in.require(">");
      return null;
    }
    List<String> list = new ArrayList<>();
    while (!in.take(">")) {
      list.add(one(in));
      if (!in.sees(">")) {
        in.require(",");
      }
    }
    return list;
  }

  private static String one(Cursor in) {
    String word = in.word();
    return switch (word) {
      case "nop", "eol", "sackOK" -> word;
      case "mss", "wscale" -> word + " " + in.number();
      case "TS" -> {
        in.require("val");
        long value = in.number();
        in.require("ecr");
        yield "TS val " + value + " ecr " + in.number();
      }
      case "sack" -> {
        StringBuilder blocks = new StringBuilder("sack");
        while (in.seesNumber()) {
          blocks.append(' ').append(in.number());
          in.require(":");
          blocks.append(':').append(in.number());
        }
        yield blocks.toString();
      }
      case "opt" -> "opt " + in.number() + " " + Long.toHexString(in.number());
      default -> throw in.error("the option " + word + " is not known here");
    };
  }

  /** Writes an option; numbers in SACK blocks count from {@code sackBase}. */
  static void emit(String option, ByteBuf to, int sackBase) {
    String[] words = option.split(" ");
    switch (words[0]) {
      case "eol" -> to.writeByte(EOL);
      case "nop" -> to.writeByte(NOP);
      case "mss" -> to.writeByte(MSS).writeByte(4).writeShort(Integer.parseInt(words[1]));
      case "wscale" -> to.writeByte(WSCALE).writeByte(3).writeByte(Integer.parseInt(words[1]));
      case "sackOK" -> to.writeByte(SACK_OK).writeByte(2);
      case "TS" -> {
        to.writeByte(TS).writeByte(10);
        to.writeInt((int) Long.parseLong(words[2])).writeInt((int) Long.parseLong(words[4]));
      }
      case "sack" -> {
        to.writeByte(SACK).writeByte(2 + 8 * (words.length - 1));
        for (int i = 1; i < words.length; i++) {
          String[] edges = words[i].split(":");
          to.writeInt(sackBase + (int) Long.parseLong(edges[0]));
          to.writeInt(sackBase + (int) Long.parseLong(edges[1]));
        }
      }
      default -> {
        to.writeByte(Integer.parseInt(words[1])).writeByte(2 + words[2].length() / 2);
        for (int i = 0; i + 1 < words[2].length(); i += 2) {
          to.writeByte(Integer.parseInt(words[2].substring(i, i + 2), 16));
        }
      }
    }
  }

  /** Reads options of a header; what is malformed ends the list as {@code malformed}. */
  static List<String> read(ByteBuf from, int at, int length, int sackBase) {
    List<String> list = new ArrayList<>();
    int end = at + length;
    int i = at;
    while (i < end) {
      int kind = from.getUnsignedByte(i);
      int size = kind == EOL || kind == NOP ? 1 : i + 1 < end ? from.getUnsignedByte(i + 1) : 0;
      if (size == 0 || i + size > end) {
        list.add("malformed");
        return list;
      }
      list.add(text(from, i, kind, size, sackBase));
      i += size;
    }
    return list;
  }

  private static String text(ByteBuf from, int at, int kind, int size, int sackBase) {
    return switch (kind) {
      case EOL -> "eol";
      case NOP -> "nop";
      case MSS -> "mss " + from.getUnsignedShort(at + 2);
      case WSCALE -> "wscale " + from.getUnsignedByte(at + 2);
      case SACK_OK -> "sackOK";
      case TS -> "TS val " + from.getUnsignedInt(at + 2) + " ecr " + from.getUnsignedInt(at + 6);
      case SACK -> {
        StringBuilder blocks = new StringBuilder("sack");
        for (int i = at + 2; i + 8 <= at + size; i += 8) {
          blocks.append(' ').append(Integer.toUnsignedString(from.getInt(i) - sackBase));
          blocks.append(':').append(Integer.toUnsignedString(from.getInt(i + 4) - sackBase));
        }
        yield blocks.toString();
      }
      default -> "opt " + kind + " (" + size + ")";
    };
  }
}
