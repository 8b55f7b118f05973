// 10,200 requests.
process.env.FC_RUNS ??= '34';
await import('./gateway.property.api.spec.js');
