import './revocation-heard.postgres.spec.js';
