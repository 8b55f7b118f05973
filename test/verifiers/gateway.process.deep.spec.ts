import './gateway.process.spec.js';
