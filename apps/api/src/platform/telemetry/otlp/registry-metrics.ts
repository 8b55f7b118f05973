import { type Attributes, type HrTime, ValueType } from '@opentelemetry/api';
import { millisToHrTime } from '@opentelemetry/core';
import { emptyResource } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  type CollectionResult,
  type DataPoint,
  DataPointType,
  type HistogramMetricData,
  type MetricData,
  type MetricProducer,
} from '@opentelemetry/sdk-metrics';
import { type MetricObjectWithValues, type MetricValue, type MetricValueWithName } from 'prom-client';
import { VERSION } from '../../../common/version.js';
import { type Metrics } from '../../metrics/metrics.service.js';

type Metric = MetricObjectWithValues<MetricValue<string>>;
type HistogramValue = HistogramMetricData['dataPoints'][number]['value'];

/** Units by the last word of a name, without `_total`. */
const UNITS: Readonly<Record<string, string>> = { seconds: 's', bytes: 'By' };

/** Start of all sums: they count from the start of the process. */
const START: HrTime = millisToHrTime(performance.timeOrigin);

/** Metrics of `GET /metrics` in the data model of OpenTelemetry, under the same names. */
export class RegistryMetrics implements MetricProducer {
  constructor(private readonly metrics: Metrics) {}

  async collect(): Promise<CollectionResult> {
    const endTime = millisToHrTime(Date.now());
    const metrics = (await this.metrics.values()).flatMap((metric) => convert(metric, endTime));
    return {
      resourceMetrics: {
        // The reader replaces it with the resource of the process.
        resource: emptyResource(),
        scopeMetrics: [{ scope: { name: 'latchkey', version: VERSION }, metrics }],
      },
      errors: [],
    };
  }
}

/** Returns no item for a metric without values, such as a counter that has not counted. */
function convert(metric: Metric, endTime: HrTime): MetricData[] {
  const { name, help, values } = metric;
  if (values.length === 0) {
    return [];
  }
  const unit =
    UNITS[
      name
        .replace(/_total$/, '')
        .split('_')
        .at(-1) ?? ''
    ] ?? '';
  const common = {
    descriptor: { name, description: help, unit, valueType: ValueType.DOUBLE },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
  };
  // The types declare a number, but prom-client returns the name.
  switch (metric.type as unknown as string) {
    case 'counter':
      return [
        {
          ...common,
          dataPointType: DataPointType.SUM,
          isMonotonic: true,
          dataPoints: values.map((value) => pointOf(value, endTime)),
        },
      ];
    case 'gauge':
      return [
        {
          ...common,
          dataPointType: DataPointType.GAUGE,
          dataPoints: values.map((value) => pointOf(value, endTime)),
        },
      ];
    case 'histogram':
      return [
        { ...common, dataPointType: DataPointType.HISTOGRAM, dataPoints: histograms(values, name, endTime) },
      ];
    default:
      throw new Error(`The metric ${name} has a type that is not exported`);
  }
}

function pointOf({ value, labels }: MetricValue<string>, endTime: HrTime): DataPoint<number> {
  return { startTime: START, endTime, attributes: attributesOf(labels), value };
}

/** Labels of Prometheus are text. */
function attributesOf(labels: MetricValue<string>['labels']): Attributes {
  return Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, String(value)]));
}

/**
 * Joins the series of a histogram. Those of Prometheus count all values up to a bound, in the order of the
 * bounds; OpenTelemetry counts each bucket.
 */
function histograms(
  values: readonly MetricValueWithName<string>[],
  name: string,
  endTime: HrTime,
): DataPoint<HistogramValue>[] {
  const points = new Map<string, DataPoint<HistogramValue> & { counted: number }>();
  for (const { labels, value, metricName } of values) {
    const { le, ...others } = labels as Record<string, string | number>;
    const attributes = attributesOf(others);
    const key = JSON.stringify(attributes);
    const point = points.get(key) ?? {
      startTime: START,
      endTime,
      attributes,
      value: { buckets: { boundaries: [], counts: [] }, count: 0, sum: 0 },
      counted: 0,
    };
    points.set(key, point);
    if (metricName === `${name}_bucket`) {
      if (le !== '+Inf') {
        point.value.buckets.boundaries.push(Number(le));
      }
      point.value.buckets.counts.push(value - point.counted);
      point.counted = value;
    } else if (metricName === `${name}_sum`) {
      point.value.sum = value;
    } else {
      point.value.count = value;
    }
  }
  return [...points.values()].map(({ counted: _, ...point }) => point);
}
