import './interleavings.property.both.spec.js';
