package dev.sidecarsim.app.zookeeper;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import java.util.List;

/**
 * What a server makes of its {@code zoo.cfg}, as QuorumPeerConfig does.
 *
 * @param statics the file itself
 * @param members where servers, groups and weights stand: the same, or the file that {@code
 *     dynamicConfigFile} names
 */
record ZooCfg(Settings statics, Settings members, ZooKeeperRelease release) {

  /** QuorumPeerConfig.tickTime. */
  private static final int TICK_MILLIS = 3000;

  private static final ImmutableList<String> NUMBERS =
      ImmutableList.of(
          "autopurge.snapRetainCount", "autopurge.purgeInterval", "quorum.cnxn.threads.size");

  private static final ImmutableList<String> NUMBERS_SINCE_3_6 =
      ImmutableList.of(
          "observerMasterPort",
          "clientPortListenBacklog",
          "multiAddress.reachabilityCheckTimeoutMs");

  private static final ImmutableList<String> FLAGS =
      ImmutableList.of(
          "localSessionsEnabled",
          "localSessionsUpgradingEnabled",
          "syncEnabled",
          "portUnification",
          "sslQuorumReloadCertFiles",
          "multiAddress.enabled",
          "multiAddress.reachabilityCheckEnabled",
          "jvm.pause.monitor");

  /**
   * The configuration of the server with this id.
   *
   * @param config holds what no zoo.cfg tells
   * @throws IllegalArgumentException in one line that names the setting and its value, and what the
   *     server says of it
   */
  ZooKeeperConfig configOf(long myId, ZooKeeperConfig.Builder config) {
    checkPlaces();
    checkElection();
    checkOthers();
    checkAuthentication();
    config.timing(timing());
    config.election(election());
    config.listenOnAllIps(flag("quorumListenOnAllIPs"));
    config.checksCallers(checksCallers());
    config.standaloneEnabled(checkedFlag("standaloneEnabled", "standalone mode", true));
    statics.text("4lw.commands.whitelist").map(ZooCfg::words).ifPresent(config::whitelist);
    MemberLines lines = new MemberLines(members);
    lines.servers().forEach(config::server);
    config.hierarchy(lines.groups(), lines.weights());
    config.clients(clients(myId));
    ZooKeeperConfig made = config.build();
    if (!made.standalone()) {
      made.timing().checkForQuorum();
    }
    return made;
  }

  private static List<String> words(String text) {
    return Splitter.on(',').trimResults().omitEmptyStrings().splitToList(text);
  }

  // ---- what is right or wrong, and no more

  /** The members stand in one of the two files. */
  private void checkPlaces() {
    if (members.equals(statics)) {
      return;
    }
    for (String key : statics.keys()) {
      if (MemberLines.isOne(key)) {
        throw Refusal.config(
            statics.origin(key) + " stands beside dynamicConfigFile; write it into that file",
            "parameter: " + key + " must be in a separate dynamic config file");
      }
    }
    for (String key : members.keys()) {
      if (!MemberLines.isOne(key)) {
        throw Refusal.config(
            members.origin(key) + " is no server, group or weight; write it into zoo.cfg",
            key.equals("version")
                ? "dynamic file shouldn't have version inside"
                : "Unrecognised parameter: " + key);
      }
    }
  }

  private void checkElection() {
    int algorithm = statics.number("electionAlg", 3);
    if (algorithm == 3) {
      return;
    }
    String ours =
        statics.origin("electionAlg") + " " + algorithm + " is not supported; leave it out";
    throw release.choosesElection()
        ? new IllegalArgumentException(ours + ", or write 3: no other is modelled")
        : Refusal.config(ours, "Invalid electionAlg value. Only 3 is supported.");
  }

  private void checkOthers() {
    NUMBERS.forEach(key -> statics.number(key, 0));
    if (release.checksFlags()) {
      FLAGS.forEach(this::flag);
    }
    checkedFlag("reconfigEnabled", "reconfigEnabled flag", false);
    if (release.hasLearnerLimit()) {
      NUMBERS_SINCE_3_6.forEach(key -> statics.number(key, 0));
    }
    String peerType = statics.text("peerType").orElse("participant");
    if (!peerType.equalsIgnoreCase("observer") && !peerType.equalsIgnoreCase("participant")) {
      throw Refusal.config(
          statics.origin("peerType") + " '" + peerType + "' is neither participant nor observer",
          "Unrecognised peertype: " + peerType);
    }
  }

  private void checkAuthentication() {
    boolean enabled = flag("quorum.auth.enableSasl");
    boolean server = flag("quorum.auth.serverRequireSasl");
    boolean learner = flag("quorum.auth.learnerRequireSasl");
    if (server) {
      needs("quorum.auth.serverRequireSasl", "quorum.auth.enableSasl", enabled);
    }
    if (learner) {
      needs("quorum.auth.learnerRequireSasl", "quorum.auth.enableSasl", enabled);
    }
    if (server) {
      needs("quorum.auth.serverRequireSasl", "quorum.auth.learnerRequireSasl", learner);
    }
  }

  private void needs(String key, String other, boolean there) {
    if (!there) {
      throw Refusal.argument(
          statics.origin(key) + " needs " + other + "=true",
          other + " is disabled, so cannot enable " + key);
    }
  }

  // ---- single settings

  private boolean flag(String key) {
    return release.checksFlags() ? statics.strictFlag(key, key, false) : statics.flag(key, false);
  }

  /** A flag that every release checks; the older ones call it by another name. */
  private boolean checkedFlag(String key, String olderName, boolean otherwise) {
    return statics.strictFlag(key, release.checksFlags() ? key : olderName, otherwise);
  }

  private Timing timing() {
    int tick = statics.number("tickTime", TICK_MILLIS);
    int shortest = statics.number("minSessionTimeout", -1);
    int longest = statics.number("maxSessionTimeout", -1);
    return new Timing(
        tick,
        statics.number("initLimit", 0),
        statics.number("syncLimit", 0),
        release.hasLearnerLimit() ? statics.number("connectToLearnerMasterLimit", 0) : 0,
        shortest == -1 ? 2 * tick : shortest,
        longest == -1 ? 20 * tick : longest);
  }

  /** A number of tries below 0 is none. */
  private ElectionSettings election() {
    ElectionSettings usual = ElectionSettings.DEFAULT;
    int tries = statics.number("electionPortBindRetry", usual.bindTries());
    return new ElectionSettings(
        tries < 0 ? usual.bindTries() : tries, statics.number("cnxTimeout", usual.connectMillis()));
  }

  /** By X509Util's defaults: both ends of a quorum connection look at the other's address. */
  private boolean checksCallers() {
    return flag("sslQuorum")
        && statics.flag("ssl.quorum.hostnameVerification", true)
        && statics.flag("ssl.quorum.clientHostnameVerification", true);
  }

  // ---- the client port

  private ClientAccess clients(long myId) {
    checkAddressHasPort("secureClientPort", "secureClientPortAddress");
    checkAddressHasPort("clientPort", "clientPortAddress");
    ClientAccess access =
        ClientAccess.DEFAULT
            .at(
                statics.text("clientPortAddress").orElse("0.0.0.0"),
                statics.number("clientPort", 0))
            .limitedTo(
                statics.number("maxClientCnxns", ClientAccess.DEFAULT.maxPerAddress()),
                release.hasLearnerLimit() ? statics.number("maxCnxns", 0) : 0);
    String own = "server." + myId;
    return members.has(own)
        ? new MemberLines(members)
            .server(own)
            .client()
            .map(line -> ownAddress(access, own, line))
            .orElse(access)
        : access;
  }

  private void checkAddressHasPort(String portKey, String addressKey) {
    int port = statics.number(portKey, 0);
    Refusal.checkPort(statics.origin(portKey), port);
    if (port == 0 && statics.has(addressKey)) {
      throw Refusal.argument(
          statics.origin(addressKey) + " stands without " + portKey + "; give one",
          addressKey + " is set but " + portKey + " is not set");
    }
  }

  /** What the own server line says holds, if it does not differ from the rest of the file. */
  private ClientAccess ownAddress(ClientAccess access, String own, String line) {
    int colon = line.lastIndexOf(':');
    String host = colon < 0 ? "0.0.0.0" : line.substring(0, colon).replaceAll("[\\[\\]]", "");
    int port = Settings.number(line.substring(colon + 1));
    boolean same =
        access.port() == port && (access.host().equals("0.0.0.0") || access.host().equals(host));
    if (access.listens() && !same) {
      throw Refusal.config(
          "%s: clients' port ;%s differs from clientPort %d at %s; leave one of them out"
              .formatted(members.origin(own), line, access.port(), access.host()),
          "client address for this server (id = "
              + own.substring("server.".length())
              + ") in static config file is "
              + inStaticFile(access)
              + " is different from client address found in dynamic file: "
              + shown(host, port));
    }
    return access.at(host, port);
  }

  private String inStaticFile(ClientAccess access) {
    String given = shown(access.host(), access.port());
    return statics.has("clientPortAddress") ? given : access.host() + given;
  }

  /** As Java shows an address without a name. */
  private static String shown(String host, int port) {
    return "/" + host + ":" + port;
  }
}
