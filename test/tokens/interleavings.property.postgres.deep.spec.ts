process.env.FC_RUNS ??= '3';
await import('./interleavings.property.both.spec.js');
