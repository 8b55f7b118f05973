process.env.FC_RUNS ??= '3';
await import('./scope.property.api.spec.js');
