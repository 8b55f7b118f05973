import './escalation.property.api.spec.js';
