import './interleavings.property.api.spec.js';
