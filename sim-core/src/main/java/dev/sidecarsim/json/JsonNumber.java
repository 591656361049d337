package dev.sidecarsim.json;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * A number, kept digit by digit as it was written.
 *
 * @param digits a number in JSON's syntax
 */
public record JsonNumber(String digits, Location location) implements Json {

  public JsonNumber {
    try {
      new BigDecimal(digits);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + digits + "' is no number; write 12 or 1.5", e);
    }
  }

  /**
   * The number as a whole one.
   *
   * @throws JsonException if it has a fraction or needs more than 64 bits
   */
  public long longValue() {
    try {
      return exact().longValueExact();
    } catch (ArithmeticException e) {
      throw new JsonException(location, digits + " is no whole number of 64 bits");
    }
  }

  private BigInteger exact() {
    BigDecimal value = new BigDecimal(digits);
    // A whole number of 64 bits has at most 19 digits: 1e999999999 is not spelt out to see that.
    if (Math.abs((long) value.precision() - value.scale()) > 40) {
      throw new ArithmeticException();
    }
    return value.toBigIntegerExact();
  }

  /** The nearest double. */
  public double doubleValue() {
    return Double.parseDouble(digits);
  }

  @Override
  public String type() {
    return "a number";
  }

  @Override
  public void print(JsonWriter out) {
    out.raw(digits);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof JsonNumber that && digits.equals(that.digits);
  }

  @Override
  public int hashCode() {
    return digits.hashCode();
  }

  @Override
  public String toString() {
    return digits;
  }
}
