package dev.sidecarsim.netfilter;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A BPF program as {@code -m bpf} writes it: {@code "1,6 0 0 1"}. */
final class BpfCode {

  /** XT_BPF_MAX_NUM_INSTR of the kernel. */
  private static final int MAX = 64;

  /** Opcodes of linux/bpf_common.h that are no jumps. */
  private static final ImmutableSet<Integer> CODES =
      ImmutableSet.of(
          0x00, 0x01, 0x02, 0x03, 0x06, 0x07, 0x16, 0x20, 0x28, 0x30, 0x40, 0x48, 0x50, 0x60, 0x61,
          0x80, 0x81, 0x87, 0xb1, 0x04, 0x0c, 0x14, 0x1c, 0x24, 0x2c, 0x34, 0x3c, 0x44, 0x4c, 0x54,
          0x5c, 0x64, 0x6c, 0x74, 0x7c, 0x84, 0x94, 0x9c, 0xa4, 0xac);

  private static final ImmutableSet<Integer> MEMORY = ImmutableSet.of(0x60, 0x61, 0x02, 0x03);

  private static final Pattern INSTRUCTION =
      Pattern.compile("\\s*\\+?(\\d+)\\s+\\+?(\\d+)\\s+\\+?(\\d+)\\s+([-+]?\\d+).*");

  private BpfCode() {}

  static String text(ImmutableList<String> words) {
    List<String> parts = Splitter.on(',').splitToList(words.get(0));
    CNumber length = CNumber.read(parts.get(0), 0, 10);
    boolean whole = length.end() == parts.get(0).length() && parts.size() > 1;
    int count = (int) length.value() & 0xffff;
    if (!whole || length.overflow() || count == 0 || count > MAX) {
      throw new BadRule("bpf: a program begins with its length, 1 to " + MAX + ", and a comma");
    }
    int end = parts.size() - 1;
    while (end > 0 && parts.get(end).isEmpty() && end > count) {
      end--;
    }
    if (end != count) {
      throw new BadRule("bpf: the program has " + end + " instructions, not " + count);
    }
    List<long[]> program = parts.subList(1, end + 1).stream().map(BpfCode::instruction).toList();
    for (int i = 0; i < count; i++) {
      check(program.get(i), count - i - 1);
    }
    return program.stream()
        .map(one -> "," + one[0] + " " + one[1] + " " + one[2] + " " + one[3])
        .collect(Collectors.joining("", "\"" + count, "\""));
  }

  /**
   * What bpf_check_classic() of the kernel refuses of an instruction alone.
   *
   * @param left how many instructions follow
   */
  private static void check(long[] instruction, long left) {
    int code = (int) instruction[0];
    boolean returns = code == 0x06 || code == 0x16;
    boolean jumps = (code & 7) == 5;
    long furthest = code == 0x05 ? instruction[3] : Math.max(instruction[1], instruction[2]);
    boolean known = jumps ? code == 0x05 || (code >= 0x15 && code < 0x50) : CODES.contains(code);
    boolean zero = (code == 0x34 || code == 0x94) && instruction[3] == 0;
    boolean far = (code == 0x64 || code == 0x74) && instruction[3] >= 32;
    boolean memory = MEMORY.contains(code) && instruction[3] >= 16;
    if (!known || zero || far || memory || (left == 0 && !returns) || (jumps && furthest >= left)) {
      throw new KernelRefusal("bpf: the kernel's checker refuses \"" + code + "\" in this place");
    }
  }

  private static long[] instruction(String text) {
    Matcher numbers = INSTRUCTION.matcher(text);
    if (!numbers.matches()) {
      throw new BadRule("bpf: \"" + text + "\" is no instruction such as 6 0 0 1");
    }
    return new long[] {
      bits(numbers.group(1), 0xffff),
      bits(numbers.group(2), 0xff),
      bits(numbers.group(3), 0xff),
      bits(numbers.group(4), Numbers.U32)
    };
  }

  private static long bits(String text, long mask) {
    CNumber number = CNumber.read(text, 0, 10);
    return (number.negative() ? -number.value() : number.value()) & mask;
  }
}
