package io.tunstack.requirement;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.NewArrayTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Finds the annotations in the tests' sources, with the compiler's parser. Sources, because the
 * tests of other modules are compiled after this one's, and prove requirements too.
 */
final class Proofs {
  private static final Set<String> RUN =
      Set.of("Test", "ParameterizedTest", "RepeatedTest", "TestFactory", "Property", "Example");
  private static final Pattern ID = Pattern.compile("[A-Z]+-\\d{3}");

  private final Map<String, Set<String>> testsById = new TreeMap<>();
  private final List<String> faults = new ArrayList<>();

  /** Tests that name the id: {@code Class.method}, with the module before it if not this one. */
  Set<String> of(String id) {
    return testsById.getOrDefault(id, Set.of());
  }

  Set<String> ids() {
    return testsById.keySet();
  }

  /** Annotations that prove nothing, each with its place. */
  List<String> faults() {
    return faults;
  }

  /**
   * Adds what the sources in a folder say.
   *
   * @param prefix goes before the name of each test
   */
  Proofs scan(Path folder, String prefix) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (Stream<Path> files = Files.walk(folder);
        StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      List<Path> sources =
          files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
      parse(compiler, manager.getJavaFileObjectsFromPaths(sources), prefix);
    }
    return this;
  }

  /** Adds what the sources say. */
  Proofs parse(JavaCompiler compiler, Iterable<? extends JavaFileObject> sources, String prefix)
      throws IOException {
    JavacTask task =
        (JavacTask) compiler.getTask(null, null, null, List.of("-proc:none"), null, sources);
    for (CompilationUnitTree unit : task.parse()) {
      unit.accept(new Scanner(prefix), null);
    }
    return this;
  }

  private final class Scanner extends TreeScanner<Void, Void> {
    private final String prefix;
    private String enclosing = "";

    Scanner(String prefix) {
      this.prefix = prefix;
    }

    @Override
    public Void visitClass(ClassTree type, Void unused) {
      String outer = enclosing;
      enclosing = outer.isEmpty() ? type.getSimpleName().toString() : outer + "." + name(type);
      boolean runs =
          type.getMembers().stream()
              .anyMatch(
                  member -> member instanceof MethodTree method && isRun(method.getModifiers()));
      add(type.getModifiers(), prefix + enclosing, runs);
      super.visitClass(type, null);
      enclosing = outer;
      return null;
    }

    private String name(ClassTree type) {
      return type.getSimpleName().toString();
    }

    @Override
    public Void visitMethod(MethodTree method, Void unused) {
      String test = prefix + enclosing + "." + method.getName();
      add(method.getModifiers(), test, isRun(method.getModifiers()));
      return super.visitMethod(method, null);
    }
  }

  private static boolean isRun(ModifiersTree modifiers) {
    return modifiers.getAnnotations().stream().anyMatch(found -> RUN.contains(name(found)));
  }

  private static String name(AnnotationTree annotation) {
    String name = annotation.getAnnotationType().toString();
    return name.substring(name.lastIndexOf('.') + 1);
  }

  private void add(ModifiersTree modifiers, String test, boolean runs) {
    for (AnnotationTree annotation : modifiers.getAnnotations()) {
      for (String id : ids(annotation, test)) {
        if (!runs) {
          faults.add(test + " names " + id + " but is no test");
        }
        testsById.computeIfAbsent(id, key -> new TreeSet<>()).add(test);
      }
    }
  }

  private List<String> ids(AnnotationTree annotation, String test) {
    boolean tag = name(annotation).equals("Tag");
    if (!tag && !name(annotation).equals("Requirement")) {
      return List.of();
    }
    List<String> ids = new ArrayList<>();
    for (ExpressionTree argument : annotation.getArguments()) {
      ExpressionTree value =
          argument instanceof AssignmentTree assignment ? assignment.getExpression() : argument;
      List<? extends ExpressionTree> items =
          value instanceof NewArrayTree array ? array.getInitializers() : List.of(value);
      for (ExpressionTree item : items) {
        String id = item instanceof LiteralTree literal ? literal.getValue().toString() : "";
        if (ID.matcher(id).matches()) {
          ids.add(id);
        } else if (!tag) { // a tag may be anything
          faults.add(test + ": not an id: " + item);
        }
      }
    }
    return ids;
  }
}
