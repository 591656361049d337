#!/usr/bin/env bash
# Measures all matchers in one run and prints the README's table of them: benchmarks/table.sh [JMH options]
# With the defaults about ten minutes; -p size=1000 and the like make it shorter.
set -euo pipefail
cd "$(dirname "$0")"
cpu=dev.sidecarsim.benchmarks.CpuTime
result=target/matchers.json
java -jar target/benchmarks.jar -rf json -rff "$result" -prof gc -prof $cpu "$@" \
  'IstioRulesBenchmark|RuleList' >target/matchers.log
java -cp target/benchmarks.jar dev.sidecarsim.benchmarks.RatioTable "$result"
