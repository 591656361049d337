package dev.sidecarsim.hbone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.net.Bytes;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class FrameProperties {

  /** Segments of TCP cut a stream anywhere. */
  @Property(tries = 200)
  void framesComeOutHoweverTheStreamIsCut(
      @ForAll @Size(max = 5) List<byte[]> bodies, @ForAll @IntRange(min = 1, max = 40) int step) {
    List<Frame> sent = new ArrayList<>(List.of(Frame.connect("10.0.0.1:80"), Frame.status(200)));
    bodies.forEach(body -> sent.add(new Frame(Frame.DATA, false, Bytes.of(body))));
    sent.add(Frame.end());
    Bytes stream = sent.stream().map(Frame::bytes).reduce(Bytes.EMPTY, Bytes::plus);

    Frame.Reader reader = new Frame.Reader();
    List<Frame> got = new ArrayList<>();
    for (int at = 0; at < stream.size(); at += step) {
      got.addAll(reader.take(stream.slice(at, Math.min(stream.size(), at + step))));
    }

    assertThat(got).isEqualTo(sent);
    assertThat(got.get(0).header(":authority")).isEqualTo("10.0.0.1:80");
    assertThat(got.get(1).header(":status")).isEqualTo("200");
  }

  /** What does not fit into one frame is sent in several, in order. */
  @Property(tries = 20)
  void dataOfAnyLengthArrivesWhole(@ForAll @IntRange(min = 0, max = 70_000) int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i * 31);
    }
    Bytes plain = Bytes.of(bytes);

    Bytes got =
        new Frame.Reader()
            .take(Frame.data(plain)).stream().map(Frame::body).reduce(Bytes.EMPTY, Bytes::plus);

    assertThat(got).isEqualTo(plain);
  }
}
