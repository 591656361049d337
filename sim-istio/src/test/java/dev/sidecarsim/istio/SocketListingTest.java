package dev.sidecarsim.istio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sidecarsim.json.InputException;
import org.junit.jupiter.api.Test;

/** The three ways in which a pod shows what listens in it. */
class SocketListingTest {

  private static String spec(String text, boolean sidecar) {
    return SocketListing.read(text, "ss.txt").annotation(sidecar);
  }

  @Test
  void readsSs() {
    String listing =
        """
        State    Recv-Q   Send-Q      Local Address:Port        Peer Address:Port   Process
        LISTEN   0        4096              0.0.0.0:15006            0.0.0.0:*       users:(("envoy",pid=15,fd=34))
        LISTEN   0        128             127.0.0.1:9090             0.0.0.0:*       users:(("java",pid=7,fd=9))
        LISTEN   0        50                      *:8080                   *:*       users:(("java",pid=7,fd=8))
        LISTEN   0        50     [::ffff:10.1.2.3]:3888                   *:*
        LISTEN   0        50                  [::1]:7070                [::]:*
        LISTEN   0        128          127.0.0.53%lo:53               0.0.0.0:*
        """;

    assertThat(spec(listing, true))
        .isEqualTo("9090@127.0.0.1, 8080@::, 3888@pod, 7070@::1, 53@127.0.0.53");
    assertThat(spec(listing, false)).startsWith("15006@0.0.0.0, 9090@");
  }

  @Test
  void readsSsWithOtherProtocolsAndStates() {
    assertThat(
            spec(
                """
                Netid State  Recv-Q Send-Q Local Address:Port Peer Address:Port
                udp   UNCONN 0      0          127.0.0.1:53        0.0.0.0:*
                tcp   ESTAB  0      0           10.1.2.3:80       10.1.2.4:999
                tcp   LISTEN 0      128          0.0.0.0:80        0.0.0.0:*
                """,
                true))
        .isEqualTo("80@0.0.0.0");
  }

  @Test
  void readsNetstat() {
    assertThat(
            spec(
                """
                Active Internet connections (only servers)
                Proto Recv-Q Send-Q Local Address           Foreign Address         State       PID/Program name
                tcp        0      0 127.0.0.1:15000         0.0.0.0:*               LISTEN      16/envoy
                tcp        0      0 0.0.0.0:15021           0.0.0.0:*               LISTEN      -
                tcp        0      0 0.0.0.0:15002           0.0.0.0:*               LISTEN      1/nginx: master
                tcp6       0      0 :::2181                 :::*                    LISTEN      1/java
                """,
                true))
        .isEqualTo("15002@0.0.0.0, 2181@::");
  }

  /** A socket of user 1337 on port 15006, one of user 1000 on 127.0.0.1:8080, one connected. */
  @Test
  void readsProcNetTcp() {
    assertThat(
            spec(
                """
                  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
                   0: 00000000:3A9E 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1337        0 1 1 0
                   1: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 2 1 0
                   2: 0302010A:1F90 0402010A:9C40 01 00000000:00000000 00:00000000 00000000  1000        0 3 1 0
                  sl  local_address                         remote_address                        st tx_queue
                   0: 00000000000000000000000001000000:1F91 00000000000000000000000000000000:0000 0A 0:0 0:0 0  1000
                   1: 0000000000000000FFFF00000302010A:0F30 00000000000000000000000000000000:0000 0A 0:0 0:0 0  1000
                """,
                true))
        .isEqualTo("8080@127.0.0.1, 8081@::1, 3888@pod");
  }

  /** nginx listens so on port 80; ss writes the wildcard of both families as a star (ss.c). */
  @Test
  void tellsSocketsOfOneFamilyFromThoseOfBoth() {
    assertThat(
            spec(
                """
                LISTEN 0 511 0.0.0.0:80   0.0.0.0:* users:(("nginx: master p",pid=1,fd=6))
                LISTEN 0 511    [::]:80      [::]:* users:(("nginx: master p",pid=1,fd=7))
                LISTEN 0 511    [::]:81      [::]:*
                LISTEN 0 511       *:82         *:*
                """,
                true))
        .isEqualTo("80@0.0.0.0, 80@:: v6only, 81@:: v6only, 82@::");
    assertThat(
            spec(
                """
                (Not all processes could be identified, non-owned process info
                 will not be shown, you would have to be root to see it all.)
                tcp        0      0 127.0.0.1:80    0.0.0.0:*   LISTEN  1/nginx: master pro
                tcp6       0      0 :::80           :::*        LISTEN  1/nginx: master pro
                tcp6       0      0 :::81           :::*        LISTEN  -
                """,
                true))
        .isEqualTo("80@127.0.0.1, 80@:: v6only, 81@::");
  }

  /** With SO_REUSEPORT both stand in the list; one listener cannot be bound beside the other. */
  @Test
  void leavesOutWhatAWildcardTakesToo() {
    assertThat(spec("LISTEN 0 1 0.0.0.0:80 0.0.0.0:*\nLISTEN 0 1 10.1.2.3:80 0.0.0.0:*\n", true))
        .isEqualTo("80@0.0.0.0");
  }

  @Test
  void knowsTheProxysSocketsByTheirOwner() {
    assertThat(
            spec(
                """
                LISTEN 0 511 0.0.0.0:8443 0.0.0.0:* uid:1337 ino:77 sk:2 cgroup:/a <->
                LISTEN 0 511 0.0.0.0:8444 0.0.0.0:* uid:1000 ino:78 sk:3 cgroup:/a <->
                """,
                true))
        .isEqualTo("8444@0.0.0.0");
  }

  @Test
  void refusesWhatIsNoListing() {
    assertThatThrownBy(() -> SocketListing.read("State\nhello world\n", "ss.txt"))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("ss.txt:2: 'hello world' tells of no socket");
  }
}
