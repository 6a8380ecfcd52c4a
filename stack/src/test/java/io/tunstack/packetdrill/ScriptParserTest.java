package io.tunstack.packetdrill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tunstack.wire.TcpView;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScriptParserTest {
  private static Event only(String text) {
    Script script = ScriptParser.parse("x.pkt", text);
    assertEquals(1, script.events().size());
    return script.events().get(0);
  }

  @Test
  void shouldReadWhatComesFirst() {
    Script script =
        ScriptParser.parse(
            "x.pkt", "--mtu=1400\n--flag\n`one\ntwo`\n0.0 `three`\n0 close(3) = 0\n`four`");
    assertEquals("1400", script.settings().get("mtu"));
    assertEquals("", script.settings().get("flag"));
    assertEquals(List.of("one\ntwo", "three"), script.setup());
    assertEquals("four", assertInstanceOf(Event.Shell.class, script.events().get(1)).command());
  }

  @Test
  void shouldReadASegment_withEverything() {
    Event.Departure event =
        assertInstanceOf(
            Event.Departure.class,
            only(
                "\n+.1~+.2 > [ect0] FP. 1:11(10) ack 4294967295 win 257 urg 3"
                    + " <mss 1460, nop,nop,sackOK,TS val 1 ecr 2,wscale 7,sack 1:2 5:9,eol>"));
    assertEquals(2, event.line());
    assertEquals(new When(true, false, 100_000, 200_000, -1), event.when());
    SegmentLine segment = event.segment();
    assertEquals(2, segment.congestion());
    assertEquals(TcpView.FIN | TcpView.PSH | TcpView.ACK, segment.flags());
    assertEquals(1, segment.seq());
    assertEquals(10, segment.length());
    assertEquals(-1, segment.ack());
    assertEquals(257, segment.window());
    assertEquals(3, segment.urgent());
    assertEquals(
        List.of(
            "mss 1460",
            "nop",
            "nop",
            "sackOK",
            "TS val 1 ecr 2",
            "wscale 7",
            "sack 1:2 5:9",
            "eol"),
        segment.options());
  }

  @Test
  void shouldReadASegment_withLittle() {
    Event.Arrival event = assertInstanceOf(Event.Arrival.class, only("1.5 < - 1:1(0) <...>"));
    assertEquals(new When(false, false, 1_500_000, 1_500_000, -1), event.when());
    assertEquals(new SegmentLine(-1, 0, 1, 0, 0, -1, 0, null), event.segment());
    assertEquals(List.of(), ((Event.Arrival) only("* < R 1:1(0)")).segment().options());
  }

  @Test
  void shouldReadTroubleOnTheWay() {
    Event.Trouble event =
        assertInstanceOf(
            Event.Trouble.class, only("+0 < icmp unreachable frag_needed mtu 1200 [1:1461(1460)]"));
    assertEquals(new IcmpLine(3, 4, 1200, 1, 1460), event.message());
    assertEquals(
        event.message(),
        ((Event.Trouble) only("+0 < [1:1461(1460)] icmp unreachable frag_needed mtu 1200"))
            .message());
    assertEquals(
        new IcmpLine(11, 0, 0, 5, 0),
        ((Event.Trouble) only("+0 < icmp time_exceeded ttl [5:5(0)]")).message());
  }

  @Test
  void shouldReadCalls() {
    Event.Call call =
        assertInstanceOf(
            Event.Call.class,
            only("+0...0.2 read(4, ..., 10) = -1 EAGAIN (Resource temporarily unavailable)"));
    assertEquals(200_000, call.when().until());
    assertEquals("read", call.name());
    assertEquals(
        List.of(new Argument.Value(4), new Argument.Any(), new Argument.Value(10)),
        call.arguments());
    assertEquals(-1, call.result());
    assertEquals("EAGAIN", call.errno());
    assertEquals("read(4, ..., 10) = -1 EAGAIN", call.text());
    assertNull(((Event.Call) only("+0 close(3) = ...")).result());
    assertEquals(2, ((Event.Call) only("+0 fcntl(3, F_GETFL) = 0x2 (flags O_RDWR)")).result());
  }

  @Test
  void shouldReadArgumentsOfEveryKind() {
    Event.Call call =
        (Event.Call)
            only(
                "+0 sendmsg(4, {msg_name(...)=..., msg_iov(1)=[{..., 20}], port=htons(80)},"
                    + " O_RDWR|O_NONBLOCK, \"reno\") = 20");
    Argument.Structure message =
        assertInstanceOf(Argument.Structure.class, call.arguments().get(1));
    Argument.Sequence vector =
        assertInstanceOf(Argument.Sequence.class, message.fields().get("msg_iov"));
    Argument.Structure part = assertInstanceOf(Argument.Structure.class, vector.items().get(0));
    assertEquals(new Argument.Value(20), part.fields().get("1"));
    assertEquals(
        new Argument.Applied("htons", List.of(new Argument.Value(80))),
        message.fields().get("port"));
    assertEquals(new Argument.Value(0x802), call.arguments().get(2));
    assertEquals(new Argument.Text("reno"), call.arguments().get(3));
  }

  @Test
  void shouldReadAssertions() {
    Event.Check check = assertInstanceOf(Event.Check.class, only("+0 %{ assert a == 1 }%"));
    assertEquals(" assert a == 1 ", check.code());
  }

  @Test
  void shouldSayWhatItDoesNotUnderstand() {
    for (String wrong :
        List.of(
            "+0 > S 0:1(0)",
            "+0 > X 0:0(0)",
            "+0 > . 1:1(0) ack 1 <cookie 7>",
            "+0 > [ecn] . 1:1(0) ack 1",
            "+0 < icmp gossip [1:1(0)]",
            "+0 < icmp unreachable moon [1:1(0)]",
            "+0 f(TCP_MAGIC) = 0",
            "+0 f(\"a\" | 1) = 0",
            "+0 f(1",
            "+0",
            "+0 `never ends",
            "later")) {
      ScriptError error =
          assertThrows(ScriptError.class, () -> ScriptParser.parse("x", wrong), wrong);
      assertEquals(1, error.line(), wrong);
    }
  }
}
