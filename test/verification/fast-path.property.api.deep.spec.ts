process.env.FC_RUNS ??= '5';
await import('./fast-path.property.api.spec.js');
