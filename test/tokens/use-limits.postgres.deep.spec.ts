import './use-limits.postgres.spec.js';
