import './validators.property.api.spec.js';
