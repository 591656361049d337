package dev.sidecarsim.netfilter;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** {@code -m time}: dates and times of the day, which the simulated time has none of. */
final class TimeMatch {

  private static final ImmutableList<String> DAYS =
      ImmutableList.of("", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun");
  private static final int DAY = 86_400;

  /** 2038-01-19T03:14:07: the greatest date there is stands for none, and is printed. */
  private static final long LAST = Integer.MAX_VALUE;

  static final Extension<Match> EXTENSION =
      Extension.of(
          "time",
          options ->
              new UnknownMatch(
                  "time", text(options), "this match is not modelled", Unmodelled.ANYWHERE),
          OptionSpec.value("--datestart"),
          OptionSpec.value("--datestop"),
          OptionSpec.value("--timestart"),
          OptionSpec.value("--timestop"),
          OptionSpec.flag("--contiguous"),
          OptionSpec.match("--weekdays"),
          OptionSpec.match("--monthdays"),
          OptionSpec.flag("--localtz"),
          OptionSpec.flag("--utc"),
          OptionSpec.flag("--kerneltz"));

  private TimeMatch() {}

  private static String text(Options options) {
    Forms.exclude(options, "--utc", "--localtz");
    Forms.exclude(options, "--utc", "--kerneltz");
    int start = seconds(options.word("--timestart", "0:0"));
    int stop = seconds(options.word("--timestop", "23:59:59"));
    boolean contiguous = options.has("--contiguous");
    if (contiguous && start < stop) {
      throw new BadRule("time: --contiguous makes sense only if the time stops before it starts");
    }
    boolean kernel = options.has("--kerneltz") || options.has("--localtz");
    return (start == 0 && stop == DAY - 1
            ? ""
            : " --timestart " + clock(start) + " --timestop " + clock(stop))
        + days(options, "--monthdays", 31)
        + days(options, "--weekdays", 7)
        + date(" --datestart ", options.has("--datestart") ? moment(options, "--datestart") : 0)
        + date(" --datestop ", options.has("--datestop") ? moment(options, "--datestop") : LAST)
        + (kernel ? " --kerneltz" : "")
        + (contiguous ? " --contiguous" : "");
  }

  /** Reads numbers behind each other, each ended as strtoul() of C ends it. */
  private static final class Reader {
    private final String text;
    private int place;

    Reader(String text) {
      this.text = text;
    }

    /** The next number, or -1 if it is none or too great. */
    long number(long greatest) {
      CNumber number = CNumber.read(text, place, 10);
      place = number.end() < 0 ? place : number.end();
      long value = number.end() < 0 ? 0 : number.negative() ? -number.value() : number.value();
      long bits = value & Numbers.U32;
      return number.overflow() || bits > greatest ? -1 : bits;
    }

    boolean atEnd() {
      return place == text.length();
    }

    boolean next(char separator) {
      return !atEnd() && text.charAt(place++) == separator;
    }
  }

  private static int seconds(String text) {
    Reader reader = new Reader(text);
    long hour = reader.number(23);
    boolean good = hour >= 0 && reader.next(':');
    long minute = good ? reader.number(59) : -1;
    good &= minute >= 0;
    long second = 0;
    if (good && !reader.atEnd()) {
      good = reader.next(':');
      second = good ? reader.number(59) : -1;
      good &= second >= 0 && reader.atEnd();
    }
    if (!good) {
      throw new BadRule("time: invalid time \"" + text + "\"; write one such as 23:59:59");
    }
    return (int) (hour * 3600 + minute * 60 + second);
  }

  /** Seconds since 1970; as mktime() has it, day 0 is the last one of the month before. */
  private static long moment(Options options, String option) {
    String text = options.word(option, "");
    Reader reader = new Reader(text);
    long[] parts = {1970, 1, 1, 0, 0, 0};
    long[] most = {2038, 12, 31, 23, 59, 59};
    String separators = "--T::";
    boolean good = true;
    for (int i = 0; i < parts.length && good; i++) {
      parts[i] = reader.number(most[i]);
      good = parts[i] >= (i == 0 ? 1970 : 0);
      if (good && reader.atEnd()) {
        return epoch(parts);
      }
      good &= i < separators.length() && reader.next(separators.charAt(i));
    }
    throw new BadRule(
        "time: invalid date \"" + text + "\"; write one such as 2020-12-31T23:59:59, from 1970 on");
  }

  private static long epoch(long[] parts) {
    LocalDate day =
        LocalDate.of((int) parts[0], 1, 1).plusMonths(parts[1] - 1).plusDays(parts[2] - 1);
    long seconds = day.atStartOfDay().toEpochSecond(ZoneOffset.UTC);
    return seconds + parts[3] * 3600 + parts[4] * 60 + parts[5];
  }

  private static String date(String option, long epoch) {
    // kept in 32 bits without a sign
    LocalDateTime time = LocalDateTime.ofEpochSecond(epoch & Numbers.U32, 0, ZoneOffset.UTC);
    return epoch == 0
        ? ""
        : option
            + String.format(
                Locale.ROOT,
                "%04d-%02d-%02dT%02d:%02d:%02d",
                time.getYear(),
                time.getMonthValue(),
                time.getDayOfMonth(),
                time.getHour(),
                time.getMinute(),
                time.getSecond());
  }

  private static String clock(int seconds) {
    return String.format(
        Locale.ROOT, "%02d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
  }

  private static String days(Options options, String option, int last) {
    Options.Value value = options.get(option);
    if (value == null) {
      return "";
    }
    long given = 0;
    String list = endedBefore(value.word());
    for (String word : list.isEmpty() ? List.<String>of() : Splitter.on(',').splitToList(list)) {
      given |= 1L << (last == 31 ? monthDay(word) : weekDay(word));
    }
    given &= last == 31 ? Numbers.U32 : 0xff;
    long all = (2L << last) - 2;
    long days = (given ^ (value.not() ? all : 0)) & all;
    // bit 0 makes a list unlike that of all days, although no day has it
    boolean every = (given ^ (value.not() ? all : 0)) == all;
    return every
        ? ""
        : " "
            + option
            + " "
            + IntStream.rangeClosed(1, last)
                .filter(day -> (days >> day & 1) != 0)
                .mapToObj(day -> last == 31 ? Integer.toString(day) : DAYS.get(day))
                .collect(Collectors.joining(","));
  }

  /** A comma at the end adds nothing. */
  private static String endedBefore(String list) {
    return list.endsWith(",") ? list.substring(0, list.length() - 1) : list;
  }

  /** The first two characters of a word count. */
  private static int monthDay(String word) {
    String day = Forms.cut(word, 3);
    CNumber number = CNumber.read(day, 0, 0);
    long value = number.negative() ? -number.value() : number.value();
    if (!day.isEmpty() && (number.end() != day.length() || value < 0 || value > 31)) {
      throw new BadRule("time: " + word + " is not a valid day of a month; days are 1 to 31");
    }
    return (int) value;
  }

  /**
   * The first three characters of a word count. Of a name the first two letters tell; a number is 1
   * for Monday, and of greater ones the lower 5 bits choose a bit that no day has.
   */
  private static int weekDay(String word) {
    String day = Forms.cut(word, 4);
    CNumber number = CNumber.read(day, 0, 0);
    if (number.end() == day.length() && number.value() != 0) {
      return (int) (number.negative() ? -number.value() : number.value()) & 31;
    }
    for (int i = 1; i < DAYS.size(); i++) {
      if (day.length() >= 2 && DAYS.get(i).startsWith(day.substring(0, 2))) {
        return i;
      }
    }
    throw new BadRule("time: " + word + " is not a valid day; write Mon to Sun or 1 to 7");
  }
}
