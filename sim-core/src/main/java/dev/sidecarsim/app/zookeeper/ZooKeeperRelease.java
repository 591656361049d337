package dev.sidecarsim.app.zookeeper;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.time.Durations;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The release that an image holds, as far as its tag says it.
 *
 * @param version such as 3.7.0; empty where the tag is no version of ZooKeeper
 */
public record ZooKeeperRelease(Optional<String> version) {

  /** What an image without a telling tag is shown as: its protocol is the one modelled. */
  public static final ZooKeeperRelease UNKNOWN = new ZooKeeperRelease(Optional.empty());

  /**
   * All of ZooKeeper's releases are 3.x.y, which tells them from the counts of those who pack it
   * (Pravega 0.2, Confluent 5 to 7). {@code kubernetes-zookeeper:1.0-3.4.10} has it behind its own.
   */
  private static final Pattern TAG =
      Pattern.compile("[^@]*:v?(?:[\\w.]+-)??(3\\.\\d+\\.\\d+)\\b.*");

  /**
   * Revision and build time that the class {@code org.apache.zookeeper.Version} of a published jar
   * says.
   */
  private static final ImmutableMap<String, String> BUILDS =
      ImmutableMap.<String, String>builder()
          .put("3.5.9", "83df9301aa5c2a5d284a9940177808c01bc35cef, built on 01/06/2021 20:03 GMT")
          .put("3.6.3", "-6401e4ad2087061bc6b9f80dec2d69f2e3c8660a, built on 04/08/2021 16:35 GMT")
          .put("3.7.0", "e3704b390a6697bfdf4b0bef79e3da7a4f6bac4b, built on 2021-03-17 09:46 UTC")
          .put("3.7.1", "a2fb57c55f8e59cdd76c34b357ad5181df1258d5, built on 2022-05-07 06:45 UTC")
          .put("3.7.2", "c06c7c8a3e95779d4becb1938b378596e3b420d0, built on 2023-10-06 09:51 UTC")
          .put("3.8.0", "5a02a05eddb59aee6ac762f7ea82e92a68eb9c0f, built on 2022-02-25 08:49 UTC")
          .put("3.8.4", "9316c2a7a97e1666d8f4593f34dd6fc36ecc436c, built on 2024-02-12 22:16 UTC")
          .put("3.9.2", "e454e8c7283100c7caec6dcae2bc82aaecb63023, built on 2024-02-12 20:59 UTC")
          .put("3.9.3", "c26634f34490bb0ea7a09cc51e05ede3b4e320ee, built on 2024-10-17 23:21 UTC")
          .put("3.9.4", "7246445ec281f3dbf53dc54e970c914f39713903, built on 2025-08-19 19:53 UTC")
          .buildOrThrow();

  /** The release of an image such as {@code bitnami/zookeeper:3.7.0-debian-10-r70}. */
  public static ZooKeeperRelease ofImage(String image) {
    Matcher matcher = TAG.matcher(image);
    return matcher.matches() ? of(matcher.group(1)) : UNKNOWN;
  }

  /** A release by its version, such as 3.7.0. */
  public static ZooKeeperRelease of(String version) {
    return new ZooKeeperRelease(Optional.of(version));
  }

  // ---- what the releases do otherwise; one that is not known does as the newest

  /** How long a learner waits before it dials its leader again: a constant before 3.6. */
  long leaderRetryPause() {
    return before(6, 0) ? Durations.seconds(1) : Durations.millis(100);
  }

  /** Whether observers hold back from elections for a while (ZOOKEEPER-3700, in 3.6). */
  boolean observersHoldBack() {
    return !before(6, 0);
  }

  /** Whether the first message of an election connection says where to call back: not in 3.4. */
  boolean helloHasAddress() {
    return !before(5, 0);
  }

  /** Whether a wildcard in that message is called back, which reaches the caller of it itself. */
  boolean callsWildcardBack() {
    return before(5, 8) || (!before(6, 0) && before(6, 1));
  }

  /** Whether election algorithms other than the third can be had: not from 3.6 on. */
  boolean choosesElection() {
    return before(6, 0);
  }

  /** Whether flags of zoo.cfg must be true or false: before, other words are false. */
  boolean checksFlags() {
    return !before(7, 0);
  }

  /** Whether there are connectToLearnerMasterLimit, observerMasterPort and maxCnxns. */
  boolean hasLearnerLimit() {
    return !before(6, 0);
  }

  /** Whether it has metrics (3.6), which mntr shows, the word hash, and averages as fractions. */
  boolean hasMetrics() {
    return !before(6, 0);
  }

  /**
   * The four-letter words where no list is given: those that are not dangerous in 3.4
   * (ZOOKEEPER-2693), then one only.
   */
  ImmutableSet<String> words() {
    return before(5, 3) ? FourLetterWords.HARMLESS : ImmutableSet.of("srvr");
  }

  private boolean before(int minor, int patch) {
    if (version.isEmpty()) {
      return false;
    }
    List<String> parts = Splitter.on('.').splitToList(version.get());
    int ownMinor = Integer.parseInt(parts.get(1));
    return ownMinor < minor || (ownMinor == minor && Integer.parseInt(parts.get(2)) < patch);
  }

  /** What stands behind {@code Zookeeper version:}; what is not known of it says so. */
  String fullVersion() {
    String number = version.orElse("<version not known>");
    return number
        + "-"
        + BUILDS.getOrDefault(number, "<revision not known>, built on <time not known>");
  }
}
