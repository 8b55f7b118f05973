process.env.FC_RUNS ??= '3';
await import('./model.property.api.spec.js');
