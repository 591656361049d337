package dev.sidecarsim.app.elasticsearch;

import java.util.List;

/** Requests between nodes: words, to which words or a refusal come back. */
final class Requests {

  private Requests() {}

  /** Why no answer came. */
  record Failure(Kind kind, String text) {

    enum Kind {
      /** The other node said no. */
      REFUSED,
      /** The connection is gone. */
      DISCONNECTED,
      /** Nothing came within the time of the request. */
      TIMED_OUT
    }

    boolean disconnected() {
      return kind == Kind.DISCONNECTED;
    }
  }

  /** Who asked. */
  interface Response {
    void answered(List<String> words);

    default void failed(Failure failure) {}
  }

  /** Who has been asked: answers once. */
  interface Responder {
    void answer(String text);

    void refuse(String reason);
  }

  /** Who gets a node's requests. */
  interface Server {
    void received(Node from, List<String> words, Responder responder);
  }
}
