import './first-load.console.spec.js';
