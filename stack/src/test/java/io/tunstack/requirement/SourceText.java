package io.tunstack.requirement;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** A source file in memory. */
final class SourceText extends SimpleJavaFileObject {
  private final String text;

  private SourceText(String text) {
    super(URI.create("string:///Some.java"), Kind.SOURCE);
    this.text = text;
  }

  @Override
  public CharSequence getCharContent(boolean ignoreEncodingErrors) {
    return text;
  }

  /** What a class {@code Some} with these members proves. */
  static Proofs proofs(String... members) throws IOException {
    String text = "class Some {" + String.join("\n", members) + "}";
    return new Proofs()
        .parse(ToolProvider.getSystemJavaCompiler(), List.of(new SourceText(text)), "");
  }
}
