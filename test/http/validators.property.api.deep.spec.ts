process.env.FC_RUNS ??= '5';
await import('./validators.property.api.spec.js');
