import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';
import { type SamplerName } from '../../config/telemetry-settings.js';

const PARENT_BASED = 'parentbased_';

/** Returns the sampler with a name in `OTEL_TRACES_SAMPLER`. */
export function samplerOf(name: SamplerName, ratio: number): Sampler {
  if (name.startsWith(PARENT_BASED)) {
    return new ParentBasedSampler({ root: rootSampler(name.slice(PARENT_BASED.length), ratio) });
  }
  return rootSampler(name, ratio);
}

function rootSampler(name: string, ratio: number): Sampler {
  switch (name) {
    case 'always_on':
      return new AlwaysOnSampler();
    case 'always_off':
      return new AlwaysOffSampler();
    default:
      return new TraceIdRatioBasedSampler(ratio);
  }
}
