package dev.sidecarsim.netfilter;

/** {@code -m comment}, which every packet meets. */
record CommentMatch(String comment) implements Match {

  /** XT_MAX_COMMENT_LEN of the kernel. */
  private static final int MAX_LENGTH = 256;

  static final Extension<Match> EXTENSION =
      Extension.of("comment", CommentMatch::of, OptionSpec.value("--comment"));

  static Match of(Options options) {
    return new CommentMatch(Forms.cut(options.need("--comment").word(), MAX_LENGTH));
  }

  @Override
  public boolean matches(Skb skb, Netfilter netfilter) {
    return true;
  }

  @Override
  public String save() {
    return "-m comment --comment " + Quoting.quote(comment);
  }
}
