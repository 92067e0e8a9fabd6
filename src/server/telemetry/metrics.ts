/** Prometheus text: numbers only, nothing about anybody. */

export interface Metric {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge';
  readonly value: number;
}

/** The exposition format of the metrics, each under `city_`. */
export const formatMetrics = (metrics: readonly Metric[]): string =>
  metrics
    .map(
      ({ name, help, type, value }) =>
        `# HELP city_${name} ${help}\n# TYPE city_${name} ${type}\ncity_${name} ${value}\n`,
    )
    .join('');
