package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableMap;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;

/** The choices of a {@link VersionPreset} one by one: its record's components, by name. */
final class Presets {

  private static final RecordComponent[] CHOICES = VersionPreset.class.getRecordComponents();

  private Presets() {}

  static ImmutableMap<String, Object> choices(VersionPreset preset) {
    ImmutableMap.Builder<String, Object> all = ImmutableMap.builder();
    for (RecordComponent choice : CHOICES) {
      all.put(choice.getName(), value(preset, choice));
    }
    return all.buildOrThrow();
  }

  /** A preset that is like another but in one choice. */
  static VersionPreset with(VersionPreset preset, String name, Object value) {
    Object[] values =
        Arrays.stream(CHOICES)
            .map(choice -> choice.getName().equals(name) ? value : value(preset, choice))
            .toArray();
    Class<?>[] types =
        Arrays.stream(CHOICES).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      return VersionPreset.class.getDeclaredConstructor(types).newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("a preset has no constructor of its components", e);
    }
  }

  private static Object value(VersionPreset preset, RecordComponent choice) {
    try {
      return choice.getAccessor().invoke(preset);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("a preset does not tell its " + choice.getName(), e);
    }
  }
}
