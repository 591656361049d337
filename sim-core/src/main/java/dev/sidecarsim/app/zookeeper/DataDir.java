package dev.sidecarsim.app.zookeeper;

import java.util.Map;

/** What a server writes to disk: it outlives the process, and with a volume the pod. */
final class DataDir {

  private static final String FOLDER = "version-2/";

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

  long lastZxid() {
    return read("lastZxid");
  }

  void lastZxid(long zxid) {
    write("lastZxid", zxid);
  }

  private long read(String file) {
    return Long.parseLong(files.getOrDefault(FOLDER + file, "0"));
  }

  private void write(String file, long value) {
    files.put(FOLDER + file, Long.toString(value));
  }
}
