package dev.sidecarsim.app.generic;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.kube.Pod;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * The names of all members, which a StatefulSet numbers from 0, and that of this one.
 *
 * @param all by ordinal
 * @param subdomain the headless Service, with a dot in front; empty for pods without one
 */
record Names(String pod, ImmutableList<String> all, String subdomain) {

  private static final Pattern ORDINAL = Pattern.compile("(.*)-(\\d+)");

  static Names of(Pod pod, int members) {
    Matcher ordinal = ORDINAL.matcher(pod.name());
    ImmutableList<String> all =
        ordinal.matches()
            ? IntStream.range(0, Math.max(members, Integer.parseInt(ordinal.group(2)) + 1))
                .mapToObj(i -> ordinal.group(1) + "-" + i)
                .collect(ImmutableList.toImmutableList())
            : ImmutableList.of(pod.name());
    return new Names(pod.name(), all, pod.spec().subdomain().map(sub -> "." + sub).orElse(""));
  }

  ImmutableList<String> others() {
    return all.stream().filter(each -> !each.equals(pod)).collect(ImmutableList.toImmutableList());
  }

  ImmutableList<String> smaller() {
    return all.subList(0, Math.max(0, all.indexOf(pod)));
  }

  boolean isFirst(String member) {
    return all.indexOf(member) == 0;
  }

  String hostOf(String member) {
    return member + subdomain;
  }

  String self() {
    return hostOf(pod);
  }

  ImmutableList<String> hosts() {
    return all.stream().map(this::hostOf).collect(ImmutableList.toImmutableList());
  }
}
