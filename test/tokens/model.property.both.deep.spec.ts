import './model.property.api.spec.js';
