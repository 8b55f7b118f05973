import './cached-tokens.api.spec.js';
