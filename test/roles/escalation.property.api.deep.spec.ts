process.env.FC_RUNS ??= '3';
await import('./escalation.property.api.spec.js');
