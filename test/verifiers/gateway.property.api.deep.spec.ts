// 3,600 requests. FC_RUNS=34 sends 10,200.
process.env.FC_RUNS ??= '12';
await import('./gateway.property.api.spec.js');
