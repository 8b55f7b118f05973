import './error-states.console.spec.js';
