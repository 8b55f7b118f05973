import './many-descendants.api.spec.js';
