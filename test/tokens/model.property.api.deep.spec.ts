process.env.FC_RUNS ??= '5';
await import('./model.property.api.spec.js');
