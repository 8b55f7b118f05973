import './many-tokens.api.spec.js';
