package io.tunstack.sim;

import io.netty.buffer.ByteBuf;
import io.tunstack.stats.Counters;
import io.tunstack.tcp.SegmentObserver;
import io.tunstack.tcp.Tcp;
import io.tunstack.tcp.TcpConfig;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Sums up everything that TCP remembers: two stacks with the same digest go on in the same way.
 *
 * <p>It walks from {@link Tcp} through every field of every object of that package, so that a field
 * that is added is part of the state without anybody thinking of it. What lies outside the package
 * is left out, and so is what says nothing about what comes next: settings, counters, and the
 * scratch that each segment is read into and written from.
 */
final class StateDigest {
  private static final String PACKAGE = Tcp.class.getPackageName();
  private static final long PRIME = 0x9E3779B97F4A7C15L;

  /** By simple name: most are not visible from here. */
  private static final Set<String> LEFT_OUT = Set.of("Segment", "SegmentWriter", "Listener");

  private static final Map<Class<?>, List<Field>> FIELDS = new HashMap<>();

  private final IdentityHashMap<Object, Integer> visited = new IdentityHashMap<>();
  private long sum = 1;

  StateDigest add(long value) {
    long mixed = (sum * PRIME + value) * PRIME;
    sum = mixed ^ (mixed >>> 29);
    return this;
  }

  long sum() {
    return sum;
  }

  /** Adds what a stack's TCP remembers. */
  StateDigest add(Tcp tcp) {
    walk(tcp);
    return this;
  }

  private void walk(Object value) {
    if (value == null) {
      add(0);
    } else if (value instanceof Double number) {
      add(Double.doubleToLongBits(number));
    } else if (value instanceof Number number) {
      add(number.longValue());
    } else if (value instanceof Boolean bool) {
      add(bool ? 1 : 2);
    } else if (value instanceof Enum<?> constant) {
      add(constant.name().hashCode());
    } else if (value instanceof Duration duration) {
      add(duration.toNanos());
    } else if (value.getClass().isArray()) {
      walkArray(value);
    } else if (value instanceof Map<?, ?> map) {
      walkUnordered(map.values());
    } else if (value instanceof Set<?> set) {
      walkUnordered(set);
    } else if (value instanceof Collection<?> collection) {
      collection.forEach(this::walk);
    } else if (isState(value)) {
      walkFields(value);
    }
  }

  private static boolean isState(Object value) {
    Class<?> type = value.getClass();
    return type.getPackageName().equals(PACKAGE)
        && !type.isHidden()
        && !LEFT_OUT.contains(type.getSimpleName())
        && !(value instanceof TcpConfig
            || value instanceof Counters
            || value instanceof SegmentObserver
            || value instanceof ByteBuf);
  }

  private void walkArray(Object array) {
    int length = Array.getLength(array);
    add(length);
    if (array instanceof int[] ints) {
      for (int i : ints) {
        add(i);
      }
    } else {
      for (int i = 0; i < length; i++) {
        walk(Array.get(array, i));
      }
    }
  }

  /** Members in no order count whatever their order. */
  private void walkUnordered(Collection<?> members) {
    long before = sum;
    long all = 0;
    for (Object member : members) {
      sum = before;
      walk(member);
      all += sum;
    }
    sum = before;
    add(all);
  }

  private void walkFields(Object object) {
    Integer known = visited.putIfAbsent(object, visited.size());
    if (known != null) {
      add(known);
      return;
    }
    try {
      for (Field field : FIELDS.computeIfAbsent(object.getClass(), StateDigest::fields)) {
        Class<?> type = field.getType();
        if (type == int.class) {
          add(field.getInt(object));
        } else if (type == long.class) {
          add(field.getLong(object));
        } else if (type == boolean.class) {
          add(field.getBoolean(object) ? 1 : 2);
        } else {
          walk(field.get(object));
        }
      }
    } catch (IllegalAccessException e) {
      throw new AssertionError("a field that was made accessible is not", e);
    }
  }

  private static List<Field> fields(Class<?> type) {
    List<Field> fields = new ArrayList<>();
    for (Class<?> each = type; each != null && each != Object.class; each = each.getSuperclass()) {
      for (Field field : each.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers())) {
          field.setAccessible(true);
          fields.add(field);
        }
      }
    }
    return fields;
  }
}
