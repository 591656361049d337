package dev.sidecarsim.netfilter;

import com.google.common.collect.ImmutableList;

/** The little language of {@code -m u32}: {@code 6&0xFF=1,3:5 && 0>>22&0x3C@4=7}. */
final class U32Test {

  /** XT_U32_MAXSIZE of the kernel: tests, operators of one, and values of one. */
  private static final int MAX = 10;

  private final String text;
  private final StringBuilder out = new StringBuilder("\"");
  private int place;

  private U32Test(String text) {
    this.text = text;
  }

  /** Numbers are printed in hexadecimals, without blanks. */
  static String text(ImmutableList<String> words) {
    return new U32Test(words.get(0)).read();
  }

  private String read() {
    int tests = 0;
    do {
      out.append(tests++ == 0 ? "" : "&&");
      location();
      values();
    } while (skip("&&"));
    if (place < text.length()) {
      throw wrong("\",\" or \"&&\" was expected");
    }
    if (tests > MAX) {
      throw wrong("too many \"&&\"s");
    }
    return out.append('"').toString();
  }

  private void location() {
    number();
    int numbers = 1;
    while (!skip("=")) {
      String operator = operator();
      out.append(operator);
      number();
      if (++numbers > MAX) {
        throw wrong("too many operators");
      }
    }
    out.append('=');
  }

  private String operator() {
    for (String operator : new String[] {"&", "<<", ">>", "@"}) {
      if (skip(operator)) {
        return operator;
      }
    }
    throw wrong("an operator or = was expected");
  }

  private void values() {
    int values = 0;
    do {
      out.append(values == 0 ? "" : ",");
      long min = number();
      int before = out.length();
      if (skip(":")) {
        out.append(':');
        if (number() == min) {
          out.setLength(before);
        }
      }
      if (++values > MAX) {
        throw wrong("too many \",\"s");
      }
    } while (skip(","));
  }

  private long number() {
    CNumber number = CNumber.read(text, place, 0);
    if (!number.isWithin(0, Numbers.U32)) {
      throw wrong("not a number or out of range");
    }
    place = number.end();
    out.append(Numbers.hex((int) number.value()));
    return number.value();
  }

  private boolean skip(String mark) {
    while (place < text.length() && CNumber.isBlank(text.charAt(place))) {
      place++;
    }
    boolean found = text.startsWith(mark, place);
    place += found ? mark.length() : 0;
    return found;
  }

  private BadRule wrong(String what) {
    return new BadRule("u32: \"" + text + "\", at char " + place + ": " + what);
  }
}
