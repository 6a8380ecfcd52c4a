package io.tunstack.http.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PathMapTest {
  @Test
  void shouldFindEveryPath_howeverManyThereAre() {
    for (int count = 0; count <= 70; count++) {
      Map<String, Integer> entries = new HashMap<>();
      for (int i = 0; i < count; i++) {
        entries.put("/" + "é".repeat(i % 3) + i, i);
      }
      PathMap<Integer> map = new PathMap<>(entries);

      entries.forEach((path, value) -> assertEquals(value, map.get(path)));
      assertNull(map.get("/" + count));
      assertNull(map.get("/x"));
    }
  }

  @Test
  void shouldCompareTheWholePath() {
    PathMap<String> map = new PathMap<>(Map.of("/a", "a", "/ab", "ab"));
    byte[] octets = Heads.octets("x/aby");

    assertEquals("a", map.get(octets, 1, 3));
    assertEquals("ab", map.get(octets, 1, 4));
    assertNull(map.get(octets, 1, 5));
    assertNull(map.get(octets, 0, 3));
  }

  @Test
  void shouldTellApart_whenHashesAreTheSame() {
    // "Aa" and "BB" are alike to the sum that strings are hashed with.
    PathMap<String> map = new PathMap<>(Map.of("/Aa", "1", "/BB", "2"));

    assertEquals("1", map.get("/Aa"));
    assertEquals("2", map.get("/BB"));
    assertNull(map.get("/C#"));
  }
}
