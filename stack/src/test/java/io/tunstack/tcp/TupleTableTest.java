package io.tunstack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.tunstack.wire.SipHash;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Connections by 4-tuple. */
class TupleTableTest {
  private static final class Node extends TupleNode {
    Node(int localPort, int remotePort) {
      super(0x0a4d0002, localPort, 0x0a4d0001, remotePort);
    }
  }

  private final TupleTable table = new TupleTable(new SipHash(1, 2));

  private TupleNode find(int localPort, int remotePort) {
    return table.find(0x0a4d0002, localPort, 0x0a4d0001, remotePort);
  }

  @Test
  void shouldFindEach_amongMoreThanItHasBuckets() {
    List<Node> nodes = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      Node node = new Node(80, 1 + i);
      nodes.add(node);
      table.add(node);
    }
    assertEquals(1000, table.size());
    for (Node node : nodes) {
      assertSame(node, find(80, node.remotePort));
    }
    assertNull(find(81, 1));
    assertNull(table.find(0x0a4d0003, 80, 0x0a4d0001, 1));
    assertNull(table.find(0x0a4d0002, 80, 0x0a4d0009, 1));
  }

  @Test
  void shouldRemoveOne_andNothingTwice() {
    List<Node> nodes = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      nodes.add(new Node(80, 1 + i));
      table.add(nodes.get(i));
    }
    for (int i = 0; i < 300; i += 2) {
      table.remove(nodes.get(i));
      table.remove(nodes.get(i));
    }
    assertEquals(150, table.size());
    for (int i = 0; i < 300; i++) {
      assertSame(i % 2 == 0 ? null : nodes.get(i), find(80, 1 + i));
    }
  }

  @Test
  void shouldVisitEveryNodeOnce() {
    for (int i = 0; i < 200; i++) {
      table.add(new Node(i, 7));
    }
    boolean[] seen = new boolean[200];
    int[] visits = new int[1];
    table.forEach(
        node -> {
          seen[node.localPort] = true;
          visits[0]++;
        });
    assertEquals(200, visits[0]);
    for (boolean each : seen) {
      assertEquals(true, each);
    }
  }

  @Test
  void shouldNameItsTuple() {
    assertEquals("10.77.0.2:80 - 10.77.0.1:9", new Node(80, 9).tuple().toString());
  }
}
