package dev.sidecarsim.app.zookeeper;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.io.ByteArrayDataInput;
import dev.sidecarsim.app.zookeeper.wire.Acl;
import dev.sidecarsim.app.zookeeper.wire.Jute;
import dev.sidecarsim.app.zookeeper.wire.Operation;
import dev.sidecarsim.app.zookeeper.wire.Read;
import dev.sidecarsim.app.zookeeper.wire.Reply;
import dev.sidecarsim.app.zookeeper.wire.Write;
import dev.sidecarsim.net.Bytes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** An operation in the words of operations-3.7.0.txt, such as {@code create /a data 0 open}. */
record OperationText(String text) {

  private List<String> words() {
    return Splitter.on(' ').splitToList(text);
  }

  private String word(int place) {
    return words().get(place);
  }

  private int number(int place) {
    return Integer.parseInt(word(place));
  }

  boolean closes() {
    return text.equals("close");
  }

  Operation operation() {
    return switch (word(0)) {
      case "get" -> new Read.GetData(word(1), false);
      case "exists" -> new Read.Exists(word(1), false);
      case "ls" -> new Read.GetChildren(word(1), false, true);
      case "getacl" -> new Read.GetAcl(word(1));
      case "sync" -> new Operation.Sync(word(1));
      case "multi" ->
          new Operation.Multi(
              parts().map(OperationText::write).collect(ImmutableList.toImmutableList()));
      default -> write();
    };
  }

  private Stream<OperationText> parts() {
    return Splitter.on("; ")
        .splitToStream(text.substring("multi ".length()))
        .map(OperationText::new);
  }

  private Write write() {
    return switch (word(0)) {
      case "delete" -> new Write.Delete(word(1), number(2));
      case "set" -> new Write.SetData(word(1), Bytes.of(word(2)), number(3));
      case "setacl" -> new Write.SetAcl(word(1), acl(word(2)), number(3));
      case "check" -> new Write.Check(word(1), number(2));
      default ->
          new Write.Create(
              word(1), Bytes.of(word(2)), acl(word(4)), number(3), word(0).equals("create2"));
    };
  }

  private static ImmutableList<Acl> acl(String name) {
    return ImmutableList.of(
        switch (name) {
          case "open" -> new Acl(Acl.ALL, "world", "anyone");
          case "read" -> new Acl(Acl.READ, "world", "anyone");
          case "unread" -> new Acl(Acl.ALL & ~Acl.READ, "world", "anyone");
          case "mine" -> new Acl(Acl.ALL, "ip", "10.0.0.1");
          case "net" -> new Acl(Acl.ALL, "ip", "10.0.0.0/8");
          case "other" -> new Acl(Acl.ALL, "ip", "192.168.1.1");
          case "digest" -> new Acl(Acl.ALL, "digest", "u:h");
          default -> new Acl(Acl.ALL, "ip", "nonsense");
        });
  }

  /** The answer in the words of that file. */
  String shown(Reply reply) {
    if (!reply.ok()) {
      return Integer.toString(reply.error().code());
    }
    ByteArrayDataInput in = Jute.reader(reply.body());
    return switch (word(0)) {
      case "create", "sync" -> "OK " + Jute.readString(in);
      case "create2" -> "OK " + Jute.readString(in) + " " + stat(in);
      case "delete" -> "OK";
      case "get" -> "OK " + data(in) + " " + stat(in);
      case "ls" -> "OK " + children(in) + " " + stat(in);
      case "getacl" -> "OK " + rights(in) + " " + stat(in);
      case "multi" -> "OK " + results(in);
      default -> "OK " + stat(in);
    };
  }

  /** What the server's own nodes hold is not modelled. */
  private String data(ByteArrayDataInput in) {
    String data = Jute.readBuffer(in).text();
    return word(1).startsWith("/zookeeper") ? "" : data;
  }

  private static List<String> children(ByteArrayDataInput in) {
    List<String> names = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      names.add(Jute.readString(in));
    }
    Collections.sort(names);
    return names;
  }

  private static String rights(ByteArrayDataInput in) {
    return Acl.read(in).stream()
        .map(acl -> acl.permissions() + acl.scheme() + (acl.scheme().equals("ip") ? "" : acl.id()))
        .collect(Collectors.joining());
  }

  /** Versions, whether it is ephemeral, sizes, and zxids; times differ. */
  private static String stat(ByteArrayDataInput in) {
    long created = in.readLong();
    long modified = in.readLong();
    in.readLong();
    in.readLong();
    String versions = in.readInt() + "," + in.readInt() + "," + in.readInt();
    boolean ephemeral = in.readLong() != 0;
    String sizes = in.readInt() + "," + in.readInt();
    return "%s,%b,%s,%d,%d,%d"
        .formatted(versions, ephemeral, sizes, created, modified, in.readLong());
  }

  private static String results(ByteArrayDataInput in) {
    StringBuilder text = new StringBuilder();
    int type = in.readInt();
    while (!in.readBoolean()) {
      in.readInt();
      text.append(
              switch (type) {
                case -1 -> "E" + in.readInt();
                case 1 -> "C" + Jute.readString(in);
                case 5 -> "S" + stat(in);
                case 2 -> "D";
                default -> "K";
              })
          .append(';');
      type = in.readInt();
    }
    return text.toString();
  }
}
