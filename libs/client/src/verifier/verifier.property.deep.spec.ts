import './verifier.property.spec.js';
