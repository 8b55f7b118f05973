process.env.FC_RUNS ??= '5';
await import('./interleavings.property.both.spec.js');
