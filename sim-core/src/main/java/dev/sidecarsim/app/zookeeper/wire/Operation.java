package dev.sidecarsim.app.zookeeper.wire;

import com.google.common.collect.ImmutableList;
import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.sidecarsim.net.Bytes;
import java.util.Optional;

/** What a client asks for. */
public sealed interface Operation
    permits Read,
        Write,
        Operation.Multi,
        Operation.Sync,
        Operation.Ping,
        Operation.CreateSession,
        Operation.CloseSession {

  /** The xid of a ping. */
  int PING_XID = -2;

  OpCode code();

  /** Writes the record that stands behind the header. */
  void write(ByteArrayDataOutput out);

  /** Whether it goes through the leader, as transactions do, which all servers must know of. */
  default boolean changes() {
    return true;
  }

  /** Header and record. */
  default Bytes encode(int xid) {
    return Jute.record(
        out -> {
          out.writeInt(xid);
          out.writeInt(code().number());
          write(out);
        });
  }

  /**
   * Reads a record of a type; empty if that is not modelled.
   *
   * @throws IllegalStateException if the record is too short
   */
  static Optional<Operation> read(int number, ByteArrayDataInput in) {
    return OpCode.of(number)
        .flatMap(
            code ->
                switch (code) {
                  case MULTI -> Multi.read(in).map(Operation.class::cast);
                  case SYNC -> Optional.of(new Sync(Jute.readString(in)));
                  case PING -> Optional.of(new Ping());
                  case CREATE_SESSION -> Optional.of(new CreateSession(in.readInt()));
                  case CLOSE_SESSION -> Optional.of(new CloseSession());
                  case EXISTS, GET_DATA, GET_ACL, GET_CHILDREN, GET_CHILDREN_2 ->
                      Optional.of(Read.read(code, in));
                  default -> Optional.of(Write.read(code, in));
                });
  }

  /** Several changes, of which all are made or none. */
  record Multi(ImmutableList<Write> parts) implements Operation {

    @Override
    public OpCode code() {
      return OpCode.MULTI;
    }

    @Override
    public void write(ByteArrayDataOutput out) {
      parts.forEach(
          part -> {
            MultiHeader.write(out, part.code().number(), -1);
            part.write(out);
          });
      MultiHeader.writeEnd(out);
    }

    private static Optional<Multi> read(ByteArrayDataInput in) {
      ImmutableList.Builder<Write> parts = ImmutableList.builder();
      for (int type = MultiHeader.read(in); type >= 0; type = MultiHeader.read(in)) {
        if (!(Operation.read(type, in).orElse(null) instanceof Write part)) {
          return Optional.empty();
        }
        parts.add(part);
      }
      return Optional.of(new Multi(parts.build()));
    }
  }

  /** Waits until this server knows what its leader knows. */
  record Sync(String path) implements Operation {

    @Override
    public OpCode code() {
      return OpCode.SYNC;
    }

    @Override
    public void write(ByteArrayDataOutput out) {
      Jute.writeString(out, path);
    }
  }

  /** Keeps the session. */
  record Ping() implements Operation {

    @Override
    public OpCode code() {
      return OpCode.PING;
    }

    @Override
    public boolean changes() {
      return false;
    }

    @Override
    public void write(ByteArrayDataOutput out) {}
  }

  /** Never sent by a client: what a server makes of its first record. */
  record CreateSession(int timeoutMillis) implements Operation {

    @Override
    public OpCode code() {
      return OpCode.CREATE_SESSION;
    }

    @Override
    public void write(ByteArrayDataOutput out) {
      out.writeInt(timeoutMillis);
    }
  }

  /** Ends the session, and with it its ephemeral nodes. */
  record CloseSession() implements Operation {

    @Override
    public OpCode code() {
      return OpCode.CLOSE_SESSION;
    }

    @Override
    public void write(ByteArrayDataOutput out) {}
  }
}
