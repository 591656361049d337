package dev.sidecarsim.netfilter;

import com.google.common.collect.ImmutableMap;

/** Ports from {@code min} to {@code max}, both included. */
record PortRange(int min, int max) {

  static final PortRange ALL = new PortRange(0, 65535);

  /** Names of {@code /etc/services} (Debian's netbase) that are found in rules. */
  private static final ImmutableMap<String, Integer> SERVICES =
      ImmutableMap.<String, Integer>builder()
          .put("tcpmux", 1)
          .put("echo", 7)
          .put("discard", 9)
          .put("systat", 11)
          .put("daytime", 13)
          .put("netstat", 15)
          .put("qotd", 17)
          .put("chargen", 19)
          .put("ftp-data", 20)
          .put("ftp", 21)
          .put("ssh", 22)
          .put("telnet", 23)
          .put("smtp", 25)
          .put("mail", 25)
          .put("time", 37)
          .put("whois", 43)
          .put("tacacs", 49)
          .put("domain", 53)
          .put("bootps", 67)
          .put("bootpc", 68)
          .put("tftp", 69)
          .put("gopher", 70)
          .put("finger", 79)
          .put("http", 80)
          .put("www", 80)
          .put("kerberos", 88)
          .put("iso-tsap", 102)
          .put("acr-nema", 104)
          .put("pop3", 110)
          .put("pop-3", 110)
          .put("sunrpc", 111)
          .put("portmapper", 111)
          .put("auth", 113)
          .put("ident", 113)
          .put("nntp", 119)
          .put("ntp", 123)
          .put("epmap", 135)
          .put("netbios-ns", 137)
          .put("netbios-dgm", 138)
          .put("netbios-ssn", 139)
          .put("imap2", 143)
          .put("imap", 143)
          .put("snmp", 161)
          .put("snmp-trap", 162)
          .put("snmptrap", 162)
          .put("xdmcp", 177)
          .put("bgp", 179)
          .put("irc", 194)
          .put("qmtp", 209)
          .put("ipx", 213)
          .put("ldap", 389)
          .put("svrloc", 427)
          .put("https", 443)
          .put("snpp", 444)
          .put("microsoft-ds", 445)
          .put("kpasswd", 464)
          .put("submissions", 465)
          .put("ssmtp", 465)
          .put("smtps", 465)
          .put("urd", 465)
          .put("isakmp", 500)
          .put("syslog", 514)
          .put("shell", 514)
          .put("printer", 515)
          .put("route", 520)
          .put("uucp", 540)
          .put("klogin", 543)
          .put("kshell", 544)
          .put("rtsp", 554)
          .put("nntps", 563)
          .put("submission", 587)
          .put("ipp", 631)
          .put("ldaps", 636)
          .put("domain-s", 853)
          .put("rsync", 873)
          .put("ftps-data", 989)
          .put("ftps", 990)
          .put("telnets", 992)
          .put("imaps", 993)
          .put("pop3s", 995)
          .put("socks", 1080)
          .put("openvpn", 1194)
          .put("ms-sql-s", 1433)
          .put("ms-sql-m", 1434)
          .put("radius", 1812)
          .put("radius-acct", 1813)
          .put("cisco-sccp", 2000)
          .put("nfs", 2049)
          .put("gnunet", 2086)
          .put("rtcm-sc104", 2101)
          .put("cvspserver", 2401)
          .put("mysql", 3306)
          .put("rdp", 3389)
          .put("ms-wbt-server", 3389)
          .put("nut", 3493)
          .put("svn", 3690)
          .put("iax", 4569)
          .put("mtn", 4691)
          .put("munin", 4949)
          .put("sip", 5060)
          .put("sip-tls", 5061)
          .put("xmpp-client", 5222)
          .put("xmpp-server", 5269)
          .put("cfengine", 5308)
          .put("mdns", 5353)
          .put("postgresql", 5432)
          .put("rplay", 5555)
          .put("amqps", 5671)
          .put("amqp", 5672)
          .put("x11", 6000)
          .put("redis", 6379)
          .put("ircs-u", 6697)
          .put("bbs", 7000)
          .put("font-service", 7100)
          .put("http-alt", 8080)
          .put("webcache", 8080)
          .put("puppet", 8140)
          .put("mrtd", 5674)
          .put("bacula-dir", 9101)
          .put("bacula-fd", 9102)
          .put("bacula-sd", 9103)
          .put("git", 9418)
          .put("zabbix-agent", 10050)
          .put("zabbix-trapper", 10051)
          .put("amanda", 10080)
          .put("dircproxy", 57000)
          .buildOrThrow();

  /** Reads {@code 80}, {@code http}, {@code 80:90}, {@code :90} or {@code 80:}. */
  static PortRange parse(String text) {
    PortRange range = parseAnyOrder(text);
    if (range.min > range.max) {
      throw new BadRule("invalid portrange (min > max): " + text);
    }
    return range;
  }

  /** The same, but it may be reversed; then it holds nothing. */
  static PortRange parseAnyOrder(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      int port = port(text);
      return new PortRange(port, port);
    }
    String from = text.substring(0, colon);
    String to = text.substring(colon + 1);
    return new PortRange(from.isEmpty() ? 0 : port(from), to.isEmpty() ? 65535 : port(to));
  }

  static int port(String text) {
    Integer named = SERVICES.get(text);
    if (named != null) {
      return named;
    }
    long port = Numbers.read(text);
    if (port >= 0 && port <= 65535) {
      return (int) port;
    }
    throw new BadRule(
        "invalid port/service `" + text + "' specified; a port is 0 to 65535 or a service's name");
  }

  boolean contains(int port) {
    return port >= min && port <= max;
  }

  boolean isAll() {
    return min == 0 && max == 65535;
  }

  @Override
  public String toString() {
    return min == max ? Integer.toString(min) : min + ":" + max;
  }
}
