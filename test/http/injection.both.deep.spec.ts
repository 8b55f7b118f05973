import './injection.postgres.spec.js';
