import './secrets-at-rest.api.spec.js';
