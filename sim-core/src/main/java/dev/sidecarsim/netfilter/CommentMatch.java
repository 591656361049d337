package dev.sidecarsim.netfilter;

/** {@code -m comment}, which every packet meets. */
record CommentMatch(String comment) implements Match {

  /** XT_MAX_COMMENT_LEN of the kernel. */
  private static final int MAX_LENGTH = 256;

  static final Extension<Match> EXTENSION =
      Extension.of("comment", CommentMatch::of, OptionSpec.value("--comment"));

  static Match of(Options options) {
    String comment = options.need("--comment").word();
    if (comment.length() > MAX_LENGTH) {
      throw new BadRule("comment: a comment has at most " + MAX_LENGTH + " characters");
    }
    return new CommentMatch(comment);
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
