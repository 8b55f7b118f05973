import './fast-path.property.api.spec.js';
