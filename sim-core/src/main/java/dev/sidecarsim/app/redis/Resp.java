package dev.sidecarsim.app.redis;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import dev.sidecarsim.net.Bytes;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A value of the Redis serialization protocol, version 2. */
sealed interface Resp {

  /** {@code +OK}. */
  record Simple(String text) implements Resp {
    @Override
    public String encode() {
      return "+" + text + "\r\n";
    }

    @Override
    public String print() {
      return text;
    }
  }

  /** {@code -ERR …}. */
  record Failure(String text) implements Resp {
    @Override
    public String encode() {
      return "-" + text + "\r\n";
    }

    @Override
    public String print() {
      return text;
    }
  }

  /** {@code :1}. */
  record Int(long value) implements Resp {
    @Override
    public String encode() {
      return ":" + value + "\r\n";
    }

    @Override
    public String print() {
      return Long.toString(value);
    }
  }

  /** {@code $3}; empty for nil. */
  record Bulk(Optional<String> text) implements Resp {
    @Override
    public String encode() {
      return text.map(body -> "$" + Bytes.of(body).size() + "\r\n" + body + "\r\n")
          .orElse("$-1\r\n");
    }

    @Override
    public String print() {
      return text.orElse("");
    }
  }

  /** {@code *2}. */
  record Array(ImmutableList<Resp> values) implements Resp {
    @Override
    public String encode() {
      StringBuilder out = new StringBuilder("*" + values.size() + "\r\n");
      values.forEach(value -> out.append(value.encode()));
      return out.toString();
    }

    @Override
    public String print() {
      return String.join("\n", values.stream().map(Resp::print).toList());
    }
  }

  /** As it goes over the wire. */
  String encode();

  /** As redis-cli prints it where its output is no terminal. */
  String print();

  /** The words of a command. */
  default ImmutableList<String> words() {
    return this instanceof Array array
        ? array.values().stream().map(Resp::print).collect(ImmutableList.toImmutableList())
        : ImmutableList.of();
  }

  static Resp ok() {
    return new Simple("OK");
  }

  static Resp bulk(String text) {
    return new Bulk(Optional.of(text));
  }

  static Resp error(String text) {
    return new Failure(text);
  }

  static Resp array(List<? extends Resp> values) {
    return new Array(ImmutableList.copyOf(values));
  }

  /** A command. */
  static Resp command(String... words) {
    return array(Stream.of(words).map(Resp::bulk).toList());
  }

  /** A command on one line, as people type it. */
  static Resp inline(String line) {
    return array(Splitter.on(' ').omitEmptyStrings().splitToStream(line).map(Resp::bulk).toList());
  }
}
