package dev.sidecarsim.kube;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.time.Durations;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An init container that asks a server by netcat, once or until it answers, such as {@code until nc
 * -z db 5432; do sleep 2; done}: its pod's containers start only if and when it does.
 */
final class NetcatWait implements Program {

  private static final Pattern LOOP =
      Pattern.compile("\\b(?:until|while\\s+!)\\s.*?\\bsleep\\s+(\\d+)", Pattern.DOTALL);

  private final ImmutableList<String> words;
  private final Runnable assumeEcho;
  private final Runnable assumeSuccess;

  /**
   * Makes the program of a container.
   *
   * @param assumeEcho is told when a stand-in's echo counts as the right answer
   * @param assumeSuccess is told when the command is none of netcat, which counts as a success
   */
  NetcatWait(ContainerSpec container, Runnable assumeEcho, Runnable assumeSuccess) {
    this.words =
        ImmutableList.<String>builder()
            .addAll(container.command())
            .addAll(container.args())
            .build();
    this.assumeEcho = assumeEcho;
    this.assumeSuccess = assumeSuccess;
  }

  @Override
  public void start(Container container) {
    Optional<NetcatCommand> command = NetcatCommand.parse(words, container.env());
    if (command.isPresent()) {
      ask(command.get(), container);
    } else {
      assumeSuccess.run();
      container.exit(0);
    }
  }

  private void ask(NetcatCommand command, Container container) {
    Netcat.run(
        command, container.process(), assumeEcho, result -> answered(result, command, container));
  }

  private void answered(ExecResult result, NetcatCommand command, Container container) {
    Matcher loop = LOOP.matcher(String.join(" ", words));
    if (result.succeeded() || !loop.find()) {
      container.exit(result.succeeded() ? 0 : 1);
    } else {
      long pause = Durations.seconds(Long.parseLong(loop.group(1)));
      container.process().after(pause, () -> ask(command, container));
    }
  }
}
