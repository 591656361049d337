package dev.sidecarsim.kube;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonArray;
import dev.sidecarsim.json.JsonBoolean;
import dev.sidecarsim.json.JsonNull;
import dev.sidecarsim.json.JsonNumber;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.json.JsonString;
import dev.sidecarsim.json.Location;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.AnchorNode;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;

/** Turns YAML into JSON trees the way kubectl does, keeping each value's line. */
public final class YamlText {

  private static final int DEEPEST_NESTING = 200;

  private final String file;
  private final IdentityHashMap<Node, Json> done = new IdentityHashMap<>();
  private final IdentityHashMap<Node, Boolean> underWay = new IdentityHashMap<>();

  private YamlText(String file) {
    this.file = file;
  }

  /** The documents of a text, without empty ones. */
  public static ImmutableList<Json> read(String text, String file) {
    return new YamlText(file).documents(text);
  }

  private ImmutableList<Json> documents(String text) {
    ImmutableList.Builder<Json> documents = ImmutableList.builder();
    try {
      LoaderOptions options = options();
      Composer composer =
          new Composer(new ParserImpl(new StreamReader(text), options), new YamlScalars(), options);
      while (composer.checkNode()) {
        Json document = value(composer.getNode());
        if (!(document instanceof JsonNull)) {
          documents.add(document);
        }
      }
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine() + 1;
      throw new ManifestException(new Location(file, line), "broken YAML: " + problem(e));
    } catch (YAMLException e) {
      throw new ManifestException(
          new Location(file, 0), "broken YAML: " + oneLine(String.valueOf(e.getMessage())));
    }
    return documents.build();
  }

  private static LoaderOptions options() {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(Integer.MAX_VALUE);
    options.setNestingDepthLimit(DEEPEST_NESTING);
    // Shared nodes stay shared in the tree, so that aliases of aliases cost nothing.
    options.setMaxAliasesForCollections(Integer.MAX_VALUE);
    return options;
  }

  private static String problem(MarkedYAMLException e) {
    String context = e.getContext() == null ? "" : " (" + oneLine(e.getContext()) + ")";
    return oneLine(e.getProblem()) + context + "; check the indentation and quotes there";
  }

  private static String oneLine(String text) {
    return text.strip().replaceAll("\\s*\\R\\s*", " ");
  }

  private Json value(Node node) {
    Node real = node instanceof AnchorNode anchor ? anchor.getRealNode() : node;
    Json known = done.get(real);
    if (known != null) {
      return known;
    }
    if (underWay.put(real, true) != null) {
      throw new ManifestException(at(real), "an anchor holds its own alias; break the circle");
    }
    Json value = convert(real);
    underWay.remove(real);
    done.put(real, value);
    return value;
  }

  private Json convert(Node node) {
    if (node instanceof ScalarNode scalar) {
      return scalar(scalar);
    }
    if (node instanceof SequenceNode sequence) {
      ImmutableList.Builder<Json> items = ImmutableList.builder();
      sequence.getValue().forEach(item -> items.add(value(item)));
      return new JsonArray(items.build(), at(node));
    }
    return mapping((MappingNode) node);
  }

  private JsonObject mapping(MappingNode node) {
    Map<String, Json> own = new LinkedHashMap<>();
    Map<String, Json> merged = new LinkedHashMap<>();
    for (NodeTuple tuple : node.getValue()) {
      if (tuple.getKeyNode().getTag().equals(Tag.MERGE)) {
        merge(tuple.getValueNode(), merged);
        continue;
      }
      String key = key(tuple.getKeyNode());
      if (own.put(key, value(tuple.getValueNode())) != null) {
        String what = "the key '" + key + "' stands twice in one mapping; keep one of them";
        throw new ManifestException(at(tuple.getKeyNode()), what);
      }
    }
    merged.forEach(own::putIfAbsent);
    return new JsonObject(ImmutableMap.copyOf(own), at(node));
  }

  private void merge(Node node, Map<String, Json> into) {
    Json source = value(node);
    if (source instanceof JsonObject object) {
      object.members().forEach(into::putIfAbsent);
    } else if (source instanceof JsonArray && node instanceof SequenceNode list) {
      list.getValue().forEach(item -> merge(item, into));
    } else {
      throw new ManifestException(at(node), "'<<' merges a mapping or a list of them, no scalar");
    }
  }

  private String key(Node node) {
    Json key = value(node);
    if (key instanceof JsonString text) {
      return text.value();
    }
    if (key instanceof JsonObject || key instanceof JsonArray) {
      throw new ManifestException(at(node), key.type() + " is a key; a key is a text");
    }
    return key.compact();
  }

  private Json scalar(ScalarNode node) {
    String text = node.getValue();
    Tag tag = node.getTag();
    if (tag.equals(Tag.NULL)) {
      return new JsonNull(at(node));
    }
    if (tag.equals(Tag.BOOL)) {
      return new JsonBoolean(YamlScalars.isTrue(text), at(node));
    }
    if (tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)) {
      return number(text, at(node));
    }
    return new JsonString(text, at(node));
  }

  private static Json number(String text, Location location) {
    try {
      return new JsonNumber(YamlScalars.number(text), location);
    } catch (IllegalArgumentException e) {
      throw new ManifestException(
          location, "'" + text + "' is no number; quote it if it is a text");
    }
  }

  private Location at(Node node) {
    return new Location(file, node.getStartMark().getLine() + 1);
  }
}
