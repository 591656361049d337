package dev.sidecarsim.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.net.Endpoint;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RBAC filters of dumps, asked about a caller. */
class RbacReaderTest {

  private static FilterChain chain(String settings) {
    String dump =
        "[{'name':'l','filterChains':[{'filters':[{'name':'envoy.filters.network.rbac',"
            + "'typedConfig':{'@type':'x/envoy.extensions.filters.network.rbac.v3.RBAC',"
            + settings
            + "}}]}]}]";
    return ConfigDump.read(dump.replace('\'', '"'), "dump.json")
        .listener("l")
        .filterChains()
        .get(0);
  }

  /** A caller at 10.0.0.9 with the certificate of account sleep, calling 10.0.0.1:80. */
  private static boolean passes(String settings) {
    Incoming call = Incoming.raw(Endpoint.of("10.0.0.9:40000"), Endpoint.of("10.0.0.1:80"));
    FilterChain chain = chain(settings);
    assertThat(chain.unmodelled()).isEmpty();
    RbacSubject subject =
        new RbacSubject(
            call, Optional.of("spiffe://cluster.local/ns/default/sa/sleep"), Optional.empty());
    return Rbac.check(chain.access(), subject).isEmpty();
  }

  private static String policy(String permission, String principal) {
    return "'rules':{'policies':{'p':{'permissions':["
        + permission
        + "],'principals':["
        + principal
        + "]}}}";
  }

  /** What istiod makes of an AuthorizationPolicy with an empty spec. */
  @Test
  void letsNobodyInWhereNothingIsAllowed() {
    assertThat(passes("'rules':{}")).isFalse();
  }

  @Test
  void takesShadowRulesForNothing() {
    assertThat(passes("'shadowRules':{}")).isTrue();
    assertThat(passes("'rules':{'action':'LOG'}")).isTrue();
  }

  @Test
  void turnsAwayWhomADenyingPolicyNames() {
    String denies =
        policy("{'any':true}", "{'any':true}").replace("{'pol", "{'action':'DENY','pol");

    assertThat(passes(denies)).isFalse();
    assertThat(passes("'rules':{'action':'DENY'}")).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'destinationPort':80} | {'any':true} | true",
        "{'destinationPort':81} | {'any':true} | false",
        "{'notRule':{'destinationPort':81}} | {'any':true} | true",
        "{'andRules':{'rules':[{'orRules':{'rules':[{'destinationPort':80}]}}]}} | {'any':true} | true",
        "{'destinationIp':{'addressPrefix':'10.0.0.0','prefixLen':8}} | {'any':true} | true",
        "{'any':true} | {'directRemoteIp':{'addressPrefix':'10.0.0.9','prefixLen':32}} | true",
        "{'any':true} | {'remoteIp':{'addressPrefix':'10.0.1.0','prefixLen':24}} | false",
        "{'any':true} | {'andIds':{'ids':[{'authenticated':{'principalName':{'exact':"
            + "'spiffe://cluster.local/ns/default/sa/sleep'}}}]}} | true",
        "{'any':true} | {'authenticated':{'principalName':{'prefix':'spiffe://other/'}}} | false",
        "{'any':true} | {'filterState':{'key':'io.istio.peer_principal','stringMatch':"
            + "{'safeRegex':{'regex':'.*/ns/default/.*'}}}} | true",
        "{'any':true} | {'metadata':{'filter':'istio_authn','path':[{'key':'source.principal'}],"
            + "'value':{'stringMatch':{'exact':'cluster.local/ns/default/sa/sleep'}}}} | true",
        "{'any':true} | {'notId':{'authenticated':{}}} | false",
      })
  void asksTermsOfBothKinds(String permission, String principal, boolean passes) {
    assertThat(passes(policy(permission, principal))).isEqualTo(passes);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'uriTemplate':{'name':'x'}} | {'any':true}",
        "{'any':true} | {'metadata':{'filter':'mine','path':[{'key':'k'}]}}",
      })
  void namesAFilterWithATermThatIsNotModelled(String permission, String principal) {
    FilterChain chain = chain(policy(permission, principal));

    assertThat(chain.access()).isEqualTo(ImmutableList.of());
    assertThat(chain.unmodelled()).hasSize(1);
  }
}
