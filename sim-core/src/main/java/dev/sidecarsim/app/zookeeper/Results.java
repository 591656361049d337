package dev.sidecarsim.app.zookeeper;

import dev.sidecarsim.app.zookeeper.data.Change;
import dev.sidecarsim.app.zookeeper.data.Effect;
import dev.sidecarsim.app.zookeeper.wire.ErrorCode;
import dev.sidecarsim.app.zookeeper.wire.Jute;
import dev.sidecarsim.app.zookeeper.wire.MultiHeader;
import dev.sidecarsim.app.zookeeper.wire.Operation;
import dev.sidecarsim.app.zookeeper.wire.Reply;
import dev.sidecarsim.app.zookeeper.wire.Write;
import dev.sidecarsim.net.Bytes;

/** What clients get for what they changed (FinalRequestProcessor). */
record Results(Effect effect) {

  /** ZooDefs.OpCode.error. */
  private static final int ERROR = -1;

  Bytes of(Operation asked, Change change) {
    if (asked instanceof Operation.Multi multi && change instanceof Change.Several several) {
      return ofAll(multi, several);
    }
    return asked instanceof Write write ? ofOne(write, change, 0) : Bytes.EMPTY;
  }

  private Bytes ofOne(Write asked, Change change, int place) {
    if (asked instanceof Write.Create create && change instanceof Change.NewNode made) {
      Bytes path = Reply.ofPath(made.path());
      return create.withStat() ? path.plus(effect.stats().get(place)) : path;
    }
    return asked instanceof Write.SetData || asked instanceof Write.SetAcl
        ? effect.stats().get(place)
        : Bytes.EMPTY;
  }

  private Bytes ofAll(Operation.Multi asked, Change.Several several) {
    return Jute.record(
        out -> {
          for (int i = 0; i < several.parts().size(); i++) {
            Write part = asked.parts().get(i);
            if (several.parts().get(i) instanceof Change.Refusal refusal) {
              MultiHeader.write(out, ERROR, refusal.error().code());
              out.writeInt(refusal.error().code());
            } else {
              MultiHeader.write(out, part.code().number(), ErrorCode.OK.code());
              out.write(ofOne(part, several.parts().get(i), i).toByteArray());
            }
          }
          MultiHeader.writeEnd(out);
        });
  }
}
