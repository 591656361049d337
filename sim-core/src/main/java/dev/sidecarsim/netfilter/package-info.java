/** Rules. */
@NullMarked
package dev.sidecarsim.netfilter;

import org.jspecify.annotations.NullMarked;
