process.env.FC_RUNS ??= '3';
await import('./validators.property.api.spec.js');
