import './parallel-changes.postgres.spec.js';
