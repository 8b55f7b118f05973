import './scope.property.api.spec.js';
