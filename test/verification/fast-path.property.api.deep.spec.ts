process.env.FC_RUNS ??= '3';
await import('./fast-path.property.api.spec.js');
