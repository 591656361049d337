package dev.sidecarsim.app;

import dev.sidecarsim.kube.ContainerSpec;
import java.util.regex.Pattern;

/** Images known by how their name ends, whoever built them. */
public final class ImageName {

  private final Pattern pattern;

  private ImageName(Pattern pattern) {
    this.pattern = pattern;
  }

  /**
   * Images of any registry, tag and digest.
   *
   * @param ending a regular expression for the last words of the name, such as {@code cassandra}
   */
  public static ImageName endingIn(String ending) {
    return new ImageName(Pattern.compile("(?:.*/)?(?:[\\w.]+-)*" + ending + "(?::[^/]*)?(?:@.*)?"));
  }

  /** Whether a container has such an image. */
  public boolean of(ContainerSpec container) {
    return pattern.matcher(container.image()).matches();
  }
}
