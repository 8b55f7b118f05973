import './listening-lost.postgres.spec.js';
