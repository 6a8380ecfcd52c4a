package io.tunstack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ListenerTableTest {
  private static final int HERE = 0x0a000001;
  private static final int THERE = 0x0a000002;

  private final ListenerTable table = new ListenerTable();

  private Listener listener(int address, int port) {
    Listener listener = new Listener(null, address, port, 1, null, null);
    table.add(listener);
    return listener;
  }

  @Test
  void shouldFindAListenerOnItsAddressOnly_orOnAny() {
    Listener one = listener(HERE, 80);
    Listener every = listener(Listener.ANY, 81);
    assertSame(one, table.find(HERE, 80));
    assertNull(table.find(THERE, 80));
    assertSame(every, table.find(HERE, 81));
    assertSame(every, table.find(THERE, 81));
    assertNull(table.find(HERE, 82));
  }

  @Test
  void shouldKnowWhoWouldMeetWhom() {
    listener(HERE, 80);
    listener(Listener.ANY, 81);
    assertTrue(table.isTaken(HERE, 80));
    assertTrue(table.isTaken(Listener.ANY, 80));
    assertFalse(table.isTaken(THERE, 80));
    assertTrue(table.isTaken(THERE, 81));
    assertTrue(table.isTaken(Listener.ANY, 81));
    assertFalse(table.isTaken(Listener.ANY, 82));
  }

  @Test
  void shouldKeepTheOthers_whenOneOfABucketGoes() {
    Listener first = listener(HERE, 80);
    Listener second = listener(HERE, 80 + 64);
    Listener third = listener(HERE, 80 + 128);
    table.remove(second);
    table.remove(second);
    assertNull(table.find(HERE, 80 + 64));
    assertSame(first, table.find(HERE, 80));
    assertSame(third, table.find(HERE, 80 + 128));
    assertEquals(Set.of(first, third), new HashSet<>(table.all()));
    table.remove(third);
    table.remove(first);
    assertTrue(table.all().isEmpty());
  }
}
