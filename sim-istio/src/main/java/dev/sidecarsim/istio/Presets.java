package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableMap;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;

/**
 * The choices of a {@link VersionPreset} one by one: the components of its records, by names that
 * no two of them share.
 */
final class Presets {

  private Presets() {}

  static ImmutableMap<String, Object> choices(VersionPreset preset) {
    ImmutableMap.Builder<String, Object> all = ImmutableMap.builder();
    for (RecordComponent group : VersionPreset.class.getRecordComponents()) {
      Record choices = (Record) value(preset, group);
      for (RecordComponent choice : choices.getClass().getRecordComponents()) {
        all.put(choice.getName(), value(choices, choice));
      }
    }
    return all.buildOrThrow();
  }

  /** A preset that is like another but in one choice. */
  static VersionPreset with(VersionPreset preset, String name, Object value) {
    Object[] groups =
        Arrays.stream(VersionPreset.class.getRecordComponents())
            .map(group -> replaced((Record) value(preset, group), name, value))
            .toArray();
    return (VersionPreset) make(VersionPreset.class, groups);
  }

  private static Record replaced(Record choices, String name, Object value) {
    return make(
        choices.getClass(),
        Arrays.stream(choices.getClass().getRecordComponents())
            .map(choice -> choice.getName().equals(name) ? value : value(choices, choice))
            .toArray());
  }

  private static Record make(Class<? extends Record> type, Object[] values) {
    Class<?>[] types =
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    try {
      return type.getDeclaredConstructor(types).newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("a preset has no constructor of its components", e);
    }
  }

  private static Object value(Record of, RecordComponent component) {
    try {
      return component.getAccessor().invoke(of);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("a preset does not tell its " + component.getName(), e);
    }
  }
}
