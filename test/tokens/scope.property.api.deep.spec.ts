process.env.FC_RUNS ??= '5';
await import('./scope.property.api.spec.js');
