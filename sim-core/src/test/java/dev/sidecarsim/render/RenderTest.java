package dev.sidecarsim.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.host.SocketRow;
import dev.sidecarsim.host.TcpState;
import dev.sidecarsim.net.Endpoint;
import java.util.List;
import org.junit.jupiter.api.Test;

class RenderTest {

  @Test
  void columnsStandThreeBlanksApart() {
    String table =
        TextTable.of("NAME", "READY", "STATUS").row("zookeeper-0", "2/2", "Running").print();

    assertThat(table)
        .isEqualTo(
            """
            NAME          READY   STATUS
            zookeeper-0   2/2     Running
            """);
  }

  @Test
  void aRowNeedsACellForEachColumn() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TextTable.of("NAME", "READY").row("zookeeper-0"))
        .withMessageContaining("1 cells for the 2 columns");
  }

  @Test
  void socketsReadAsNetstatPrintsThem() {
    List<SocketRow> rows =
        List.of(
            new SocketRow(
                Endpoint.of("0.0.0.0:2181"), Endpoint.of("0.0.0.0:0"), TcpState.LISTEN, "java"),
            new SocketRow(Endpoint.of("[::]:8080"), Endpoint.of("[::]:0"), TcpState.LISTEN, "java"),
            new SocketRow(
                Endpoint.of("127.0.0.6:56692"),
                Endpoint.of("10.96.8.10:2888"),
                TcpState.ESTABLISHED,
                "envoy"));

    assertThat(NetstatTable.print(rows))
        .isEqualTo(
            """
            Active Internet connections (servers and established)
            Proto Recv-Q Send-Q Local Address           Foreign Address         State
            tcp        0      0 0.0.0.0:2181            0.0.0.0:*               LISTEN
            tcp6       0      0 :::8080                 :::*                    LISTEN
            tcp        0      0 127.0.0.6:56692         10.96.8.10:2888         ESTABLISHED
            """);
  }

  @Test
  void aPadlockStandsWhereNobodyCanReadAlong() {
    ServiceGraph graph =
        new ServiceGraph(
            ImmutableList.of(
                new ServiceGraph.Edge("sleep", "zookeeper", 2181, true, 3, 3),
                new ServiceGraph.Edge("zookeeper", "zookeeper", 3888, false, 1, 3)));

    assertThat(graph.mermaid())
        .isEqualTo(
            """
            flowchart LR
              n0["sleep"]
              n1["zookeeper"]
              n0 -->|"🔒 2181"| n1
              n1 -->|"3888 (1 of 3)"| n1
            """);
    assertThat(graph.dot())
        .contains("\"sleep\" -> \"zookeeper\" [label=\"🔒 2181\"];")
        .contains("\"zookeeper\" -> \"zookeeper\" [label=\"3888 (1 of 3)\"];");
  }
}
