package dev.sidecarsim.app.elasticsearch;

import static dev.sidecarsim.time.Durations.SECOND;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the releases of Elasticsearch 7 do differently, as named choices.
 *
 * @param probeConnectTimeout {@code discovery.probe.connect_timeout}, in nanoseconds
 * @param probeHandshakeTimeout {@code discovery.probe.handshake_timeout}, in nanoseconds
 * @param countsFailures whether logs tell of checks how they failed, and of discovered nodes
 *     whether they are a possible quorum
 * @param tellsConnections whether logs tell who closed a connection to a node
 */
record Release(
    long probeConnectTimeout,
    long probeHandshakeTimeout,
    boolean countsFailures,
    boolean tellsConnections) {

  /** Until 7.11. */
  static final Release FIRST = new Release(3 * SECOND, SECOND, false, false);

  /** 7.12 to 7.14: patient probes (elastic/elasticsearch#68059). */
  static final Release FROM_7_12 = new Release(30 * SECOND, 30 * SECOND, false, false);

  static final Release FROM_7_15 = new Release(30 * SECOND, 30 * SECOND, true, false);

  static final Release FROM_7_16 = new Release(30 * SECOND, 30 * SECOND, true, true);

  private static final Pattern TAG = Pattern.compile(":7\\.(\\d{1,3})(?:\\.|-|$)");

  /** The release of an image; the last one if its tag does not say. */
  static Release of(String image) {
    Matcher tag = TAG.matcher(image);
    int minor = tag.find() ? Integer.parseInt(tag.group(1)) : Integer.MAX_VALUE;
    if (minor < 12) {
      return FIRST;
    }
    return minor < 15 ? FROM_7_12 : minor < 16 ? FROM_7_15 : FROM_7_16;
  }
}
