package dev.sidecarsim.netfilter;

import com.google.common.collect.ImmutableList;
import org.jspecify.annotations.Nullable;

/**
 * A list of rules.
 *
 * @param name its name; a built-in chain has its hook's
 * @param policy what a built-in chain does at its end, or null for a user chain
 * @param counters of the policy
 * @param declared false for a built-in chain that the text does not mention
 */
record Chain(
    String name,
    @Nullable StandardTarget policy,
    Counters counters,
    boolean declared,
    ImmutableList<Rule> rules) {}
