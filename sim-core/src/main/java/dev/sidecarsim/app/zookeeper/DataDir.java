package dev.sidecarsim.app.zookeeper;

import dev.sidecarsim.app.zookeeper.data.Txn;
import dev.sidecarsim.net.Bytes;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a server writes to disk: it outlives the process, and with a volume the pod. */
final class DataDir {

  private static final String FOLDER = "version-2/";
  private static final String LOG = FOLDER + "log.";

  private final Map<String, String> files;

  DataDir(Map<String, String> files) {
    this.files = files;
  }

  /** Whether no server has run on it. */
  boolean fresh() {
    return files.keySet().stream().noneMatch(path -> path.startsWith(FOLDER));
  }

  /** The epoch of the last leader that was promised not to be given up for an older one. */
  long acceptedEpoch() {
    return read("acceptedEpoch");
  }

  void acceptedEpoch(long epoch) {
    write("acceptedEpoch", epoch);
  }

  /** The epoch of the last leader that was followed. */
  long currentEpoch() {
    return read("currentEpoch");
  }

  void currentEpoch(long epoch) {
    write("currentEpoch", epoch);
  }

  /** The transaction that the snapshot was taken after. */
  long lastZxid() {
    return read("lastZxid");
  }

  Bytes snapshot() {
    return Bytes.ofHex(files.getOrDefault(FOLDER + "snapshot", ""));
  }

  /** A snapshot, which makes the log before it needless. */
  void snapshot(long zxid, Bytes tree) {
    files.keySet().removeIf(path -> path.startsWith(LOG));
    files.put(FOLDER + "snapshot", tree.hex());
    write("lastZxid", zxid);
  }

  /** The transactions since the snapshot. */
  List<Txn> log() {
    return files.entrySet().stream()
        .filter(file -> file.getKey().startsWith(LOG))
        .sorted(Map.Entry.comparingByKey())
        .map(file -> Txn.decode(Bytes.ofHex(file.getValue())))
        .toList();
  }

  void append(Txn txn) {
    files.put(LOG + String.format(Locale.ROOT, "%016x", txn.zxid()), txn.encode().hex());
  }

  private long read(String file) {
    return Long.parseLong(files.getOrDefault(FOLDER + file, "0"));
  }

  private void write(String file, long value) {
    files.put(FOLDER + file, Long.toString(value));
  }
}
