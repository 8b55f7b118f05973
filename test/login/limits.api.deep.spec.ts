import './limits.api.spec.js';
