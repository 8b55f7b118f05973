process.env.FC_RUNS ??= '5';
await import('./escalation.property.api.spec.js');
