package dev.sidecarsim.app.zookeeper;

/** What {@code conf} shows of a configuration; where the data lie and how large they are is not. */
record ConfigurationText(ZooKeeperConfig config) {

  /** FastLeaderElection, the only algorithm that 3.5 and later have. */
  private static final int FAST_LEADER_ELECTION = 3;

  String text() {
    StringBuilder text = new StringBuilder();
    line(text, "clientPort", config.clients().port());
    line(text, "secureClientPort", -1);
    line(text, "tickTime", config.tickMillis());
    line(text, "maxClientCnxns", config.clients().maxPerAddress());
    line(text, "minSessionTimeout", config.timing().shortestSession());
    line(text, "maxSessionTimeout", config.timing().longestSession());
    if (config.release().hasMetrics()) {
      line(text, "clientPortListenBacklog", -1);
    }
    line(text, "serverId", config.standalone() ? 0 : config.myId());
    return config.standalone() ? text.toString() : text + quorum();
  }

  private String quorum() {
    StringBuilder text = new StringBuilder();
    line(text, "initLimit", config.initLimit());
    line(text, "syncLimit", config.syncLimit());
    line(text, "electionAlg", FAST_LEADER_ELECTION);
    line(text, "electionPort", config.self().electionPort());
    line(text, "quorumPort", config.self().quorumPort());
    line(text, "peerType", config.self().observer() ? 1 : 0);
    return text.append("membership: \n").append(config.quorumText().text()).toString();
  }

  private static void line(StringBuilder text, String key, long value) {
    text.append(key).append('=').append(value).append('\n');
  }
}
