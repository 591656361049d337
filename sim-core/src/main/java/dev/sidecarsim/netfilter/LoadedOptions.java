package dev.sidecarsim.netfilter;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A match or target that a line has named, and the options that the line has given to it so far.
 */
final class LoadedOptions {

  private final String name;
  private final @Nullable Extension<?> extension;
  private final boolean target;
  private final List<Given> given = new ArrayList<>();

  private record Given(OptionSpec spec, Options.Value value) {}

  private LoadedOptions(String name, @Nullable Extension<?> extension, boolean target) {
    this.name = name;
    this.extension = extension;
    this.target = target;
  }

  static LoadedOptions match(String name, @Nullable Extension<Match> extension) {
    return new LoadedOptions(extension == null ? name : extension.name(), extension, false);
  }

  static LoadedOptions target(String name, @Nullable Extension<Target> extension) {
    return new LoadedOptions(name, extension, true);
  }

  String name() {
    return name;
  }

  boolean isTarget() {
    return target;
  }

  /** Whether nobody knows which options it has; then it is given every one that nobody else has. */
  boolean takesAnything() {
    return extension == null;
  }

  ImmutableList<OptionSpec> specs() {
    return extension == null ? ImmutableList.of() : extension.specs();
  }

  void give(OptionSpec spec, boolean not, ImmutableList<String> words) {
    if (not && !spec.negatable()) {
      throw new BadRule(name + ": option \"" + spec.name() + "\" cannot be inverted");
    }
    given.add(new Given(spec, new Options.Value(not, words)));
  }

  Options options(Options.Context context) {
    Options options = new Options(name, context);
    given.forEach(one -> options.put(one.spec(), one.value()));
    return options;
  }

  @SuppressWarnings("unchecked") // an extension that is no target's makes matches
  Match makeMatch(Options options) {
    return extension == null
        ? UnknownMatch.of(options, "this match is not modelled")
        : ((Extension<Match>) extension).build().apply(options);
  }

  @SuppressWarnings("unchecked") // a target's extension makes targets
  Target makeTarget(Options options) {
    return extension == null
        ? UnknownTarget.of(options, "this target is not modelled")
        : ((Extension<Target>) extension).build().apply(options);
  }
}
