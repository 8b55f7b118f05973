import './rejected-changes.console.spec.js';
