package dev.sidecarsim.classify;

import java.lang.reflect.Constructor;
import java.util.Optional;

/** Chooses the quickest form of a table that this machine has. */
public final class PathIndexes {

  private static final String VECTOR_MODULE = "jdk.incubator.vector";
  private static final Optional<Constructor<?>> VECTOR = vector();

  private PathIndexes() {}

  /** By vectors where the run has them, else by bytes. */
  public static PathIndex best(CrossTable table) {
    return byVectors(table).orElseGet(() -> ByteTables.of(table));
  }

  /** By vectors of 512 bits; empty where the module or the processor lacks them. */
  public static Optional<PathIndex> byVectors(CrossTable table) {
    return VECTOR.map(make -> make(make, table));
  }

  private static PathIndex make(Constructor<?> constructor, CrossTable table) {
    try {
      return (PathIndex) constructor.newInstance(table);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("the vector form of a table could not be made", e);
    }
  }

  private static Optional<Constructor<?>> vector() {
    if (ModuleLayer.boot().findModule(VECTOR_MODULE).isEmpty()) {
      return Optional.empty();
    }
    try {
      Class<?> form = Class.forName("dev.sidecarsim.classify.VectorTable");
      Constructor<?> constructor = form.getDeclaredConstructor(CrossTable.class);
      return isSupported(form) ? Optional.of(constructor) : Optional.empty();
    } catch (ReflectiveOperationException | LinkageError e) {
      return Optional.empty();
    }
  }

  private static boolean isSupported(Class<?> form) throws ReflectiveOperationException {
    return (boolean) form.getDeclaredMethod("isSupported").invoke(null);
  }
}
