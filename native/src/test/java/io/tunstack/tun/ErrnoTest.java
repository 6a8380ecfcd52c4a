package io.tunstack.tun;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.jna.Function;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ErrnoTest {
  static Stream<Field> constants() {
    return Stream.of(Errno.class.getDeclaredFields())
        .filter(
            field -> Modifier.isStatic(field.getModifiers()) && field.getName().startsWith("E"));
  }

  /** The C library knows its own numbers: {@code strerrorname_np} of glibc 2.32 and later. */
  @ParameterizedTest
  @MethodSource("constants")
  void shouldHaveTheNumberOfTheCLibrary(Field constant) throws ReflectiveOperationException {
    Object[] number = {constant.getInt(null)};

    assertEquals(
        constant.getName(),
        Function.getFunction("c", "strerrorname_np").invokeString(number, false));
  }

  @Test
  void shouldNameWhatIsKnown_andNumberWhatIsNot() {
    assertEquals("EBADFD, descriptor without a device", Errno.name(Errno.EBADFD));
    assertEquals("error number 4711", Errno.name(4711));
  }
}
